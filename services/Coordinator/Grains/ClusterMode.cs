namespace O1Coder.Coordinator;

/// <summary>How coordinators stand to each other.</summary>
internal enum ClusterMode
{
    /// <summary>No silo: searches run in the process that is asked.</summary>
    None,

    /// <summary>One silo by itself.</summary>
    Alone,

    /// <summary>Silos find each other through Redis.</summary>
    Redis,
}
