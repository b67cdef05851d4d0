namespace Aspire.Hosting.ApplicationModel;

/// <summary>A dependency that a resource's start waits for.</summary>
/// <param name="resource">The dependency.</param>
/// <param name="waitType">What is waited for.</param>
/// <param name="exitCode">The exit code that counts as completion.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The dependency.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What happens when the dependency fails; null for the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}
