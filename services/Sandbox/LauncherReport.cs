namespace O1Coder.Sandbox;

/// <summary>What the launcher says of this machine once it has tried a box.</summary>
internal sealed record LauncherReport
{
    /// <summary>Why no box can be made; null when one was.</summary>
    public string? Error { get; init; }

    /// <summary>What is in force, one a line.</summary>
    public IReadOnlyList<string> Isolation { get; init; } = [];

    /// <summary>cgroup-v2, cgroup-v1 or rlimit.</summary>
    public string Limiter { get; init; } = "";

    /// <summary>The interpreter's real path.</summary>
    public string Python { get; init; } = "";

    /// <summary>The interpreter's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The launcher's process number and start time, which its groups are named after.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Groups of dead predecessors that were removed.</summary>
    public int Swept { get; init; }
}
