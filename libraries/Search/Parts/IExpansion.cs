namespace O1Coder.Search;

/// <summary>Which children a node gets.</summary>
internal interface IExpansion
{
    /// <summary>The actions with their counts.</summary>
    /// <param name="node">The node, in the tree or brought by this rollout.</param>
    /// <param name="expansion">Which expansion of the node it is, from 1.</param>
    IReadOnlyList<(StepAction Action, int Count)> Allocate(SearchNode node, int expansion);

    /// <summary>What is wanted with the children.</summary>
    Wanted Wanted { get; }
}
