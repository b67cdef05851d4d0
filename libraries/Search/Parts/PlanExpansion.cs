namespace O1Coder.Search;

/// <summary>Children as an <see cref="ActionPlan"/> has them.</summary>
/// <param name="options">Gives the plan, the number of children and the depth limit.</param>
/// <param name="wanted">What is wanted with the children.</param>
internal sealed class PlanExpansion(SearchOptions options, Wanted wanted) : IExpansion
{
    /// <inheritdoc/>
    public Wanted Wanted { get; } = wanted | (options.ProcessRewardWeight > 0 ? Wanted.Rewards : Wanted.Steps);

    /// <inheritdoc/>
    public IReadOnlyList<(StepAction Action, int Count)> Allocate(SearchNode node, int expansion) =>
        options.Plan.Allocate(node.Depth, expansion > 1, options.SamplesPerExpansion, options.MaxDepth);
}
