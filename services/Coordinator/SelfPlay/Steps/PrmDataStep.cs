using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// ④ Training data for the process reward model out of D_process, made by its own service. A fifth of the problems is
/// held out to measure it by.
/// </summary>
internal sealed class PrmDataStep(int iteration) : IPlayStep
{
    private const int HeldOutOf = 5;
    private const int FirstHeldOut = 2;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public string Name => $"prm-{iteration}-data";

    /// <inheritdoc/>
    public string Title => "Process reward model: values of steps";

    /// <inheritdoc/>
    public int Part => 4;

    /// <inheritdoc/>
    public int Iteration => iteration;

    /// <summary>Where the training data goes.</summary>
    public static string TrainOf(int iteration) => $"data/prm-{iteration}.jsonl";

    /// <summary>Where the held-out paths go.</summary>
    public static string HeldOutOfRun(int iteration) => $"data/prm-{iteration}-held-out.jsonl";

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlayFolder.Problems, PlaySteps.Process(iteration - 1)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var limits = context.Plan.Limits;
        var kind = context.Plan.Settings.Prm switch
        {
            V1.PrmTraining.Hard => V1.PrmDataKind.Hard,
            V1.PrmTraining.Pairs => V1.PrmDataKind.Pairs,
            _ => V1.PrmDataKind.Soft,
        };
        var byProblem = JsonFiles.ReadLines<PathRow>(context.Folder.At(PlaySteps.Process(iteration - 1))).ToLookup(row => row.Problem, StringComparer.Ordinal);
        var heldOut = context.Plan.Problems.Where((_, i) => i % HeldOutOf == FirstHeldOut).ToList();
        var train = context.Plan.Problems.Except(heldOut).Where(problem => byProblem.Contains(problem.Id)).ToList();
        var items = await context.ForEachAsync(
            train, problem => problem.Id, "problem", limits.Concurrency,
            (problem, _, token) => Outages.CallAsync(
                "prm",
                ct => BuildAsync(context, problem, kind, kind == V1.PrmDataKind.Pairs ? [.. byProblem[problem.Id]] : Mixed([.. byProblem[problem.Id]], limits.PrmPathsPerProblem), ct),
                token),
            cancellationToken);
        var rows = Examples.Write(context.Folder.ForWriting(TrainOf(iteration)), [.. items.Select(item => item.Result)], limits.PrmRows);
        var held = heldOut.SelectMany(problem => Mixed([.. byProblem[problem.Id]], limits.PrmPathsPerProblem)).ToList();
        JsonFiles.WriteLines(context.Folder.ForWriting(HeldOutOfRun(iteration)), held);
        return new StepResult
        {
            Outputs = [TrainOf(iteration), HeldOutOfRun(iteration)],
            Settings = new Dictionary<string, string> { ["kind"] = kind.ToString(), ["paths per problem"] = $"{limits.PrmPathsPerProblem}", ["rows at most"] = $"{limits.PrmRows}" },
            Summary = $"{rows} examples of {train.Count} problems; {held.Count} paths of {heldOut.Count} problems held out",
        };
    }

    /// <summary>A few paths, best and worst by turns, no program twice.</summary>
    public static IReadOnlyList<PathRow> Mixed(IReadOnlyList<PathRow> rows, int most)
    {
        var sorted = rows.DistinctBy(row => row.Completion, StringComparer.Ordinal).OrderByDescending(row => row.Reward).ToList();
        return [.. Enumerable.Range(0, Math.Min(most, sorted.Count)).Select(i => i % 2 == 0 ? sorted[i / 2] : sorted[^((i / 2) + 1)])];
    }

    private static async Task<IReadOnlyList<string>> BuildAsync(
        StepContext context, V1.Problem problem, V1.PrmDataKind kind, IReadOnlyList<PathRow> rows, CancellationToken cancellationToken)
    {
        var request = new V1.BuildPrmDataRequest { Kind = kind };
        var shown = PlayProblems.ForScoring(problem);
        request.Paths.AddRange(rows.Select(row => row.ToValued(shown)));
        using var call = context.Services.Prm.BuildPrmData(
            request, deadline: context.Services.In(s_deadline), cancellationToken: cancellationToken);
        var examples = new List<string>();
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            examples.Add(Examples.Keep(one.Example));
        }

        return examples;
    }
}
