namespace O1Coder.Search;

/// <summary>A value Q that a method gave to a node, in place of the mean of its rollouts.</summary>
/// <param name="Node">The node's number.</param>
/// <param name="Value">Q, a finite number.</param>
public readonly record struct AssignedValue(int Node, double Value);
