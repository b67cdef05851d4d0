namespace O1Coder.Prm;

/// <summary>The service's settings, section <c>Prm</c>.</summary>
internal sealed class PrmOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Prm";

    /// <summary>Calls of Policy that one request may have under way at once.</summary>
    public int Calls { get; set; } = 4;
}
