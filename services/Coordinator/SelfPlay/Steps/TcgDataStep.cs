using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>① Training data for the test-case generator, made by its own service.</summary>
internal sealed class TcgDataStep(V1.TcgDataKind kind) : IPlayStep
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => $"tcg-{Word(kind)}-data";

    /// <inheritdoc/>
    public string Title => kind == V1.TcgDataKind.Sft ? "Test-case generator: right cases" : "Test-case generator: right against shuffled cases";

    /// <inheritdoc/>
    public int Part => 1;

    /// <inheritdoc/>
    public int Iteration => 0;

    /// <summary>Where the data goes.</summary>
    public static string OutputOf(V1.TcgDataKind kind) => $"data/tcg-{Word(kind)}.jsonl";

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlayFolder.Problems];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var limits = context.Plan.Limits;
        var problems = context.Plan.Problems.Where(problem => problem.ReferenceSolutions.Count > 0).ToList();
        var seed = context.Seed(1, (ulong)kind);
        var items = await context.ForEachAsync(
            problems, problem => problem.Id, "problem", limits.Concurrency,
            (problem, _, token) => Outages.CallAsync("tcg", ct => BuildAsync(context, problem, seed, ct), token), cancellationToken);
        var groups = items.Select(item => item.Result).ToList();
        var rows = Examples.Write(context.Folder.ForWriting(OutputOf(kind)), groups, limits.TcgRows);
        return new StepResult
        {
            Outputs = [OutputOf(kind)],
            Settings = new Dictionary<string, string> { ["seed"] = $"{seed}", ["examples per problem"] = $"{limits.TcgExamplesPerProblem}", ["rows at most"] = $"{limits.TcgRows}" },
            Summary = $"{rows} examples from {problems.Count} problems with reference solutions",
        };
    }

    private async Task<IReadOnlyList<string>> BuildAsync(StepContext context, V1.Problem problem, ulong seed, CancellationToken cancellationToken)
    {
        using var call = context.Services.Tcg.BuildTcgData(
            new V1.BuildTcgDataRequest { Problems = { problem }, Kind = kind, ExamplesPerProblem = context.Plan.Limits.TcgExamplesPerProblem, Seed = seed },
            deadline: context.Services.In(s_deadline), cancellationToken: cancellationToken);
        var examples = new List<string>();
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            examples.Add(Examples.Keep(one.Example));
        }

        return examples;
    }

    private static string Word(V1.TcgDataKind kind) => kind == V1.TcgDataKind.Sft ? "sft" : "dpo";
}
