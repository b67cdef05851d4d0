namespace O1Coder.Coordinator;

/// <summary>
/// Lets a new policy adapter take the old one's place only if the evaluation problems do not get worse: greedily, on the
/// same problems, at least as many are solved. Else it is kept aside.
/// </summary>
/// <param name="adapter">The step that trained it.</param>
/// <param name="part">The part of Algorithm 1.</param>
/// <param name="iteration">The iteration.</param>
internal sealed class GateStep(string adapter, int part, int iteration) : IPlayStep
{
    /// <inheritdoc/>
    public string Name => $"{adapter}-gate";

    /// <inheritdoc/>
    public string Title => "Does the new policy stay? Greedily on the evaluation problems";

    /// <inheritdoc/>
    public int Part => part;

    /// <inheritdoc/>
    public int Iteration => iteration;

    private string Candidate => $"adapters/{adapter}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) =>
        [PlayFolder.EvaluationProblems, .. AdaptersInUse.FilesOf(adapters.Policy), .. AdaptersInUse.FilesOf(Candidate)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (!context.HasAdapter(Candidate))
        {
            return new StepResult { Summary = "there is no new adapter: the policy stays" };
        }

        var items = await context.ForEachAsync(
            [(Key: "old", Adapter: context.Adapters.Policy), (Key: "new", Adapter: Candidate)], one => one.Key, "evaluation", 1,
            (one, meter, token) => PolicyEvaluation.RunAsync(context, PolicyEvaluation.Greedy, one.Adapter, meter, token), cancellationToken);
        var (before, after) = (items[0].Result, items[1].Result);
        var gained = after.Solved.Except(before.Solved, StringComparer.Ordinal).ToList();
        var lost = before.Solved.Except(after.Solved, StringComparer.Ordinal).ToList();
        var kept = gained.Count >= lost.Count;
        await context.Services.ForgetAsync(context.AdapterPath(kept ? context.Adapters.Policy : Candidate), cancellationToken);
        var counts = $"{before.Solved.Count} → {after.Solved.Count} of {after.Problems} problems{Named("gained", gained)}{Named("lost", lost)}";
        return new StepResult
        {
            Metrics = [.. after.Metrics],
            Keeps = kept ? new Dictionary<string, string> { [AdaptersInUse.PolicyRole] = Candidate } : [],
            Settings = new Dictionary<string, string> { ["old"] = context.Adapters.Policy, ["new"] = Candidate, ["seed"] = $"{context.Plan.Settings.Seed}" },
            Summary = kept ? $"kept: {counts}" : $"kept aside, it is worse: {counts}",
        };
    }

    private static string Named(string what, List<string> ids) => ids.Count == 0 ? "" : $", {what} {string.Join(' ', ids)}";
}
