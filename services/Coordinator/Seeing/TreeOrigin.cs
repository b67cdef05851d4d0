namespace O1Coder.Coordinator.Seeing;

/// <summary>What a node was made from, which the tree does not keep.</summary>
internal sealed class TreeOrigin
{
    /// <summary>The seed of its request.</summary>
    public ulong Seed { get; init; }

    /// <summary>What was written after its text.</summary>
    public string Tail { get; set; } = "";

    /// <summary>Characters at the start of its text that stood in the prompt.</summary>
    public int Given { get; set; }

    /// <summary>What the model read.</summary>
    public IReadOnlyList<TreeSight> Saw { get; set; } = [];

    /// <summary>The place of its sampling parameters; null for the root.</summary>
    public int? Sampling { get; set; }

    /// <summary>Texts that were written anew.</summary>
    public List<TreeText> Earlier { get; } = [];
}
