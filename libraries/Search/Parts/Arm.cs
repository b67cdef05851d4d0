namespace O1Coder.Search;

/// <summary>One way on at a node.</summary>
/// <param name="Node">The child that it leads to; null for new children at the node.</param>
/// <param name="Visits">N.</param>
/// <param name="Entered">N + O: visits and rollouts under way.</param>
/// <param name="Value">Q; 0 without a visit.</param>
/// <param name="Prior">P, the priors of a node's ways divided by its expansions; 0 where the method has none.</param>
internal readonly record struct Arm(SearchNode? Node, int Visits, int Entered, double Value, double Prior);
