namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a waiting resource does when its dependency fails.</summary>
public enum WaitBehavior
{
    /// <summary>It waits on: somebody may start the dependency again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>It fails to start.</summary>
    StopOnResourceUnavailable = 1,
}
