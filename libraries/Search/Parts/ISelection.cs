namespace O1Coder.Search;

/// <summary>Which way a rollout goes at a node.</summary>
internal interface ISelection
{
    /// <summary>The child to go to, or null for new children at this node.</summary>
    /// <param name="node">A node in the tree that is not closed.</param>
    /// <param name="rollout">The rollout's number, from 1: chance is a function of it.</param>
    SearchNode? Choose(SearchNode node, int rollout);
}
