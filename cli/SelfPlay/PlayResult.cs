namespace O1Coder.Cli.SelfPlay;

/// <summary>What --json prints.</summary>
/// <param name="Outcome">done, cancelled or error.</param>
/// <param name="Error">What failed; null for nothing.</param>
/// <param name="Run">The run's name; null before it began.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Report">Its report, once it has ended.</param>
/// <param name="PolicyAdapter">The kept adapter's folder; null for the base.</param>
/// <param name="Seconds">Seconds in all, over all calls; of the steps that are done.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="DoneSteps">The steps that are done.</param>
internal sealed record PlayResult(
    string Outcome, string? Error, string? Run, string? Folder, string? Report, string? PolicyAdapter, double Seconds, long Tokens,
    int Steps, IReadOnlyList<PlayResultStep> DoneSteps)
{
    /// <summary>The result of a run, however it ended.</summary>
    public static PlayResult Of(PlayView view, Ending ending) => new(
        ending.Outcome, ending.Error, view.Started?.Run, view.Started?.Folder, view.Finished?.ReportPath,
        view.Finished?.PolicyAdapter is { Length: > 0 } adapter ? adapter : null,
        Math.Round(view.Done.Sum(step => step.Seconds), 3), view.Done.Sum(step => step.GeneratedTokens), view.Started?.Steps ?? 0,
        [.. view.Done.Select(PlayResultStep.Of)]);

    /// <summary>The result of a command line that could not be used.</summary>
    public static PlayResult Refused(string error) => new("error", error, null, null, null, null, 0, 0, 0, []);
}
