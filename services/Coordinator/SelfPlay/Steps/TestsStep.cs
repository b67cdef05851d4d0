namespace O1Coder.Coordinator;

/// <summary>② Tests beside the given ones, written by the test-case generator and confirmed by reference solutions.</summary>
internal sealed class TestsStep : IPlayStep
{
    /// <summary>Where they go.</summary>
    public const string Output = "data/tests.jsonl";

    /// <inheritdoc/>
    public string Name => "tests";

    /// <inheritdoc/>
    public string Title => "Tests for the problems to learn from";

    /// <inheritdoc/>
    public int Part => 2;

    /// <inheritdoc/>
    public int Iteration => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlayFolder.Problems, .. AdaptersInUse.FilesOf(adapters.Tcg)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var limits = context.Plan.Limits;
        var seed = context.Seed(2);
        var problems = context.Plan.Problems.Where(problem => problem.ReferenceSolutions.Count > 0).ToList();
        var items = await context.ForEachAsync(
            problems, problem => problem.Id, "problem", limits.Concurrency,
            (problem, meter, token) => TestWriting.RunAsync(
                context, problem, context.Adapters.Tcg, AdaptersInUse.TcgRole, limits.TestsPerProblem, limits.TestAttempts, 0.8f, seed, meter, token),
            cancellationToken);
        JsonFiles.WriteLines(context.Folder.ForWriting(Output), items.Select(item => item.Result));
        return new StepResult
        {
            Outputs = [Output],
            Settings = new Dictionary<string, string> { ["seed"] = $"{seed}", ["tests per problem"] = $"{limits.TestsPerProblem}", ["attempts"] = $"{limits.TestAttempts}", ["adapter"] = context.Adapters.Tcg },
            Summary = $"{items.Sum(item => item.Result.Tests.Count)} tests for {problems.Count} problems: {TestRow.Describe([.. items.Select(item => item.Result)])}",
        };
    }
}
