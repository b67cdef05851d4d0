namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>All replicas of the dependency run and are healthy.</summary>
    WaitUntilHealthy = 0,

    /// <summary>The dependency has ended with the expected exit code.</summary>
    WaitForCompletion = 1,

    /// <summary>All replicas of the dependency run.</summary>
    WaitUntilStarted = 2,
}
