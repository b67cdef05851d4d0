namespace O1Coder.Search;

/// <summary>
/// No simulation: every new program is judged and its reward backed up; a new step that is not finished waits for a
/// selection to come by, or, with a value of steps, goes up with its process reward.
/// </summary>
/// <param name="backup">Takes values up.</param>
/// <param name="reward">See <see cref="SimulationEvaluation"/>.</param>
/// <param name="valueOfSteps">
/// Whether an unfinished child's process reward goes up as its value, as AlphaZero's value network does.
/// </param>
internal sealed class LeafEvaluation(IBackup backup, Func<double?, double?> reward, bool valueOfSteps = false) : IEvaluation
{
    /// <inheritdoc/>
    public async Task EvaluateAsync(
        Rollout rollout, SearchNode node, IReadOnlyList<SearchNode> children, CancellationToken cancellationToken)
    {
        IReadOnlyList<SearchNode> leaves = children.Count > 0 ? children : [node];

        // Side by side, and backed up in the order of the children.
        var judging = leaves.Select(leaf => leaf.Terminal || children.Count == 0
            ? rollout.VerdictOfAsync(leaf, trace: false, cancellationToken)
            : Task.FromResult<Judgement?>(null)).ToList();
        for (var i = 0; i < leaves.Count; i++)
        {
            var judgement = await judging[i];
            if (judgement is not null)
            {
                rollout.Record(leaves[i], judgement);
            }

            if (judgement is { Excluded: true })
            {
                continue;
            }

            var ended = leaves[i].Terminal || children.Count == 0;
            var value = ended
                ? reward(judgement is null ? null : rollout.ValueOf(judgement))
                : valueOfSteps ? leaves[i].ProcessReward : null;
            if (value is { } up)
            {
                rollout.BackUp(leaves[i], up, backup);
            }
        }
    }
}
