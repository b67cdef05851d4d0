using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>② and ⑤ Searches over the problems to learn from: their full paths, with what the search found out.</summary>
/// <param name="round">0 for the first searches, then the iteration.</param>
internal sealed class SearchStep(int round) : IPlayStep
{
    /// <inheritdoc/>
    public string Name => round == 0 ? "search" : $"search-{round}";

    /// <inheritdoc/>
    public string Title => round == 0 ? "Searches over the problems to learn from" : "New searches with the new policy";

    /// <inheritdoc/>
    public int Part => round == 0 ? 2 : 5;

    /// <inheritdoc/>
    public int Iteration => round;

    private string Output => round == 0 ? PlaySteps.Process(0) : PlaySteps.NewPaths(round);

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlayFolder.Problems, TestsStep.Output, .. AdaptersInUse.FilesOf(adapters.Policy)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var tests = JsonFiles.ReadLines<TestRow>(context.Folder.At(TestsStep.Output)).ToDictionary(row => row.Problem, row => row.Tests, StringComparer.Ordinal);
        var searches = context.Services.SearchesIn(context.Folder.At("searches"));
        var seed = context.Seed(3, (ulong)round);
        var items = await context.ForEachAsync(
            context.Plan.Problems, problem => problem.Id, "problem", context.Plan.Limits.Concurrency,
            (problem, meter, token) => SearchAsync(
                context, searches, PlayProblems.ForSearch(problem, tests.GetValueOrDefault(problem.Id, [])), seed, meter, token),
            cancellationToken);
        var rows = items.SelectMany(item => item.Result).ToList();
        JsonFiles.WriteLines(context.Folder.ForWriting(Output), rows);
        var solved = items.Count(item => item.Result.Any(row => row.Passes));
        return new StepResult
        {
            Outputs = [Output],
            Settings = new Dictionary<string, string>
            {
                ["seed"] = $"{seed}",
                ["rollouts"] = $"{context.Plan.Settings.Rollouts}",
                ["program tokens"] = $"{context.Plan.Limits.MaxProgramTokens}",
                ["step tokens"] = $"{context.Plan.Limits.MaxStepTokens}",
                ["adapter"] = context.Adapters.Policy,
            },
            Summary = $"{rows.Count} paths, {rows.Count(row => row.Passes)} of them pass everything; {solved} of {items.Count} problems solved",
        };
    }

    private async Task<IReadOnlyList<PathRow>> SearchAsync(
        StepContext context, ISearches searches, V1.Problem problem, ulong seed, ItemMeter meter, CancellationToken cancellationToken)
    {
        var request = new V1.SolveRequest
        {
            Problem = problem,
            Budget = new V1.Budget { Rollouts = context.Plan.Settings.Rollouts },
            Options = new V1.SearchOptions
            {
                Strategy = V1.Strategy.Mcts,
                Seed = seed,
                MaxStepTokens = context.Plan.Limits.MaxStepTokens,
                MaxProgramTokens = context.Plan.Limits.MaxProgramTokens,
                Exhaust = true,
            },
            Adapter = context.AdapterPath(context.Adapters.Policy),
        };
        var events = await searches.RunAsync(request, V1.Priority.Low, Tell, cancellationToken);
        var sandbox = await context.Services.Sandbox.GetCapabilitiesAsync(cancellationToken);
        var read = ProblemReading.Read(problem);
        var split = TestSplit.Of(read);
        IReadOnlyList<TestCase> all = split.Rule == HeldOut.Shared ? split.Visible : [.. split.Visible, .. split.Hidden];
        return await PathExtraction.ReadAsync(problem, events, round, async program =>
        {
            var (response, _) = await context.Services.Sandbox.RunAsync(program, all, sandbox, cancellationToken);
            return response.Verdict is V1.Verdict.InternalError or V1.Verdict.Unspecified
                ? throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, $"sandbox: no verdict on a program: {response.Message}"))
                : response;
        });

        void Tell(V1.SolveResponse one)
        {
            if ((one.Finished?.Totals ?? one.Progress) is { } standing)
            {
                meter.Set(standing.GeneratedTokens, one.Finished is null ? standing.TokensPerSecond : 0);
            }
        }
    }
}
