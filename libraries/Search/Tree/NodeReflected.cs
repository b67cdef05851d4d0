namespace O1Coder.Search;

/// <summary>The model said something about a node that its children are told: feedback on a failing test, a critique.</summary>
/// <param name="Node">The node's number.</param>
/// <param name="Text">The words.</param>
/// <param name="Tokens">Tokens generated for them; they count in the tree's, not in the node's.</param>
public sealed record NodeReflected(int Node, string Text, int Tokens) : SearchEvent
{
    /// <summary>The seed of the request that brought them; has no part in the tree.</summary>
    public ulong Seed { get; init; }
}
