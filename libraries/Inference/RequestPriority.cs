namespace O1Coder.Inference;

/// <summary>Who waits first when more is asked for than can run at once.</summary>
public enum RequestPriority
{
    /// <summary>Work that nobody waits for. It still gets on while others keep the engine busy, but slowly.</summary>
    Low = -1,

    /// <summary>The default.</summary>
    Normal = 0,

    /// <summary>What everything else of a search waits for.</summary>
    High = 1,
}
