namespace O1Coder.Search;

/// <summary>What the end of a rollout is worth.</summary>
internal interface IEvaluation
{
    /// <summary>
    /// Evaluates what a rollout came to, asking for more steps and for verdicts as it needs, and backs up the values.
    /// </summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="node">
    /// The node that the selection ended at; where <paramref name="children"/> is empty it is evaluated itself.
    /// </param>
    /// <param name="children">The children that it just got; empty for a node that gets none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task EvaluateAsync(
        Rollout rollout, SearchNode node, IReadOnlyList<SearchNode> children, CancellationToken cancellationToken);
}
