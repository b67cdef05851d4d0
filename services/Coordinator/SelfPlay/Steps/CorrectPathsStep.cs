using O1Coder.Problems.Training;

namespace O1Coder.Coordinator;

/// <summary>
/// ③ D⁺: paths whose program passes everything, a few of each problem, short ones first, no program twice. Programs written
/// at once and programs after an outline answer different prompts and take turns: else the longer kind would never be learnt.
/// </summary>
internal sealed class CorrectPathsStep : IPlayStep
{
    /// <summary>Where they go.</summary>
    public const string Output = "data/policy-sft.jsonl";

    /// <inheritdoc/>
    public string Name => "policy-sft-data";

    /// <inheritdoc/>
    public string Title => "Policy: correct paths";

    /// <inheritdoc/>
    public int Part => 3;

    /// <inheritdoc/>
    public int Iteration => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlaySteps.Process(0)];

    /// <inheritdoc/>
    public Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var limits = context.Plan.Limits;
        var groups = Select(JsonFiles.ReadLines<PathRow>(context.Folder.At(PlaySteps.Process(0))), limits.PathsPerProblem);
        var rows = TrainingFile.Write(context.Folder.ForWriting(Output), RoundRobin.Take(groups, limits.PolicyRows));
        return Task.FromResult(new StepResult
        {
            Outputs = [Output],
            Settings = new Dictionary<string, string> { ["paths per problem"] = $"{limits.PathsPerProblem}", ["rows at most"] = $"{limits.PolicyRows}" },
            Summary = $"{rows} correct paths of {groups.Count} problems",
        });
    }

    /// <summary>The examples of each problem that has any.</summary>
    /// <param name="rows">Paths.</param>
    /// <param name="perProblem">How many of one problem at most.</param>
    public static IReadOnlyList<IReadOnlyList<CompletionExample>> Select(IEnumerable<PathRow> rows, int perProblem) =>
    [
        .. rows.Where(row => row.Passes)
            .GroupBy(row => row.Problem, StringComparer.Ordinal)
            .Select(group => group
                .OrderBy(row => row.Completion.Length)
                .DistinctBy(row => row.Program.Trim(), StringComparer.Ordinal)
                .Select(row => new CompletionExample(new Prompt { Messages = row.Prompt }, row.Completion) { Id = row.Id })
                .GroupBy(example => example.Prompt)
                .Select(examples => examples.ToList())
                .ToList())
            .Select(kinds => RoundRobin.Take<CompletionExample>(kinds, perProblem).ToList()),
    ];
}
