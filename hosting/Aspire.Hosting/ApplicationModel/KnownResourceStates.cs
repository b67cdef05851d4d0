namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of a resource.</summary>
public static class KnownResourceStates
{
    /// <summary>It starts only on command, or has not been started yet.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>It waits for dependencies.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>It is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>It is being built.</summary>
    public static readonly string Building = "Building";

    /// <summary>It runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>What runs it is not well.</summary>
    public static readonly string RuntimeUnhealthy = "RuntimeUnhealthy";

    /// <summary>It is being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>It was stopped, or ended with an exit code other than 0.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>It ended with exit code 0.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>It could not be started.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>It is in use, without a process of its own.</summary>
    public static readonly string Active = "Active";

    /// <summary>A value that it needs is missing.</summary>
    public static readonly string ValueMissing = "ValueMissing";

    /// <summary>The states that a resource does not leave by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
