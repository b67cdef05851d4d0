namespace O1Coder.Search;

/// <summary>A node's text was written anew in its place. What it holds of a program or a verdict is forgotten.</summary>
/// <param name="Node">The node's number; it has no children.</param>
/// <param name="Text">The new text.</param>
/// <param name="Tokens">Tokens generated for it, which are added to those that the node cost before.</param>
public sealed record NodeRevised(int Node, string Text, int Tokens) : SearchEvent
{
    /// <summary>See <see cref="Proposal.Tail"/>; has no part in the tree.</summary>
    public string Tail { get; init; } = "";

    /// <summary>The seed of the request that brought it; has no part in the tree.</summary>
    public ulong Seed { get; init; }

    /// <summary>See <see cref="Proposal.Carry"/>; has no part in the tree.</summary>
    public object? Carry { get; init; }
}
