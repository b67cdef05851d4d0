namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public class ProjectResourceOptions
{
    /// <summary>Kept, without effect: launch profiles are not read.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Kept, without effect: launch profiles are not read.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Kept, without effect: endpoints in Kestrel's configuration are not read.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
