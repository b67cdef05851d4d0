namespace O1Coder.Search;

/// <summary>
/// The program that greedy decoding gives, before anything is sampled: an easy problem costs one program. In no paper;
/// <see cref="SearchOptions.FastAnswer"/> switches it off.
/// </summary>
internal static class FastAnswer
{
    /// <summary>The rollout that gives it.</summary>
    public static Choice Of(SearchNode root, IEvaluation evaluation) => new(root, async (rollout, cancellationToken) =>
    {
        var children = await rollout.ExpandAsync(root, expansion: 0, [(StepAction.Code, 1)], Wanted.Greedy, cancellationToken);
        await evaluation.EvaluateAsync(rollout, root, children, cancellationToken);
    });
}
