namespace O1Coder.Search;

/// <summary>
/// o1-Coder's simulation (arXiv 2412.00154, section 3.2.2; code: <c>MCTS_backbone.py</c>): from the new children on a
/// random child each time, expanding as it goes, until a program or the depth limit is reached. The program's value, or 0
/// for a path without one, is backed up.
/// </summary>
/// <param name="options">Gives the order in which children are taken and the depth limit.</param>
/// <param name="expansion">Gives children on the way.</param>
/// <param name="backup">Takes the value up.</param>
/// <param name="reward">
/// What is backed up for a program's value in [0, 1], or for null: a path without a program. Null backs nothing up.
/// Without it a value is itself and no program 0.
/// </param>
internal sealed class SimulationEvaluation(
    SearchOptions options, IExpansion expansion, IBackup backup, Func<double?, double?>? reward = null) : IEvaluation
{
    /// <inheritdoc/>
    public async Task EvaluateAsync(
        Rollout rollout, SearchNode node, IReadOnlyList<SearchNode> children, CancellationToken cancellationToken)
    {
        while (FreshChildren.Pick(children, options, rollout.Chance(node)) is { } child)
        {
            node = child;
            children = node.Terminal || node.Depth >= options.MaxDepth
                ? []
                : await rollout.ExpandAsync(
                    node, SearchState.TakeExpansion(node), expansion.Allocate(node, node.Expansions), expansion.Wanted, cancellationToken);
        }

        var judgement = await rollout.JudgeAsync(node, trace: false, cancellationToken);
        if (judgement is { Excluded: true })
        {
            return;
        }

        var value = rollout.ValueOf(judgement);
        var backed = reward is null ? value : reward(judgement is null ? null : value);
        if (backed is { } up)
        {
            rollout.BackUp(node, up, backup);
        }
    }
}
