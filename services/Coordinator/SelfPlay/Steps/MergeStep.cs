namespace O1Coder.Coordinator;

/// <summary>⑥ Adds the new paths to D_process; no path is in it twice.</summary>
internal sealed class MergeStep(int iteration) : IPlayStep
{
    /// <inheritdoc/>
    public string Name => $"process-{iteration}";

    /// <inheritdoc/>
    public string Title => "New paths join D_process";

    /// <inheritdoc/>
    public int Part => 6;

    /// <inheritdoc/>
    public int Iteration => iteration;

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlaySteps.Process(iteration - 1), PlaySteps.NewPaths(iteration)];

    /// <inheritdoc/>
    public Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var old = JsonFiles.ReadLines<PathRow>(context.Folder.At(PlaySteps.Process(iteration - 1)));
        var rows = old.Concat(JsonFiles.ReadLines<PathRow>(context.Folder.At(PlaySteps.NewPaths(iteration)))).DistinctBy(row => row.Id, StringComparer.Ordinal).ToList();
        JsonFiles.WriteLines(context.Folder.ForWriting(PlaySteps.Process(iteration)), rows);
        return Task.FromResult(new StepResult
        {
            Outputs = [PlaySteps.Process(iteration)],
            Summary = $"{rows.Count} paths, {rows.Count - old.Count} of them new",
        });
    }
}
