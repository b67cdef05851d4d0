using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>What <c>train --json</c> prints.</summary>
/// <param name="Outcome">done, cancelled or error.</param>
/// <param name="Error">What failed, in one line; null where nothing did.</param>
/// <param name="JobId">The job's name; null before there was one.</param>
/// <param name="AdapterFolder">The adapter's folder; of a failed job the last good checkpoint's, or null.</param>
/// <param name="AdapterVersion">The adapter's version; null unless done.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Loss">The last step's loss; null before the first.</param>
/// <param name="EpochLosses">The mean loss of each epoch.</param>
/// <param name="Rows">Rows trained on.</param>
/// <param name="SkippedRows">Rows left out as too long.</param>
/// <param name="Tokens">Tokens trained on.</param>
/// <param name="Seconds">Seconds of training.</param>
/// <param name="PeakMemoryBytes">The Trainer's largest resident memory.</param>
internal sealed record TrainResult(
    string Outcome, string? Error, string? JobId, string? AdapterFolder, string? AdapterVersion, int Steps, double? Loss,
    IReadOnlyList<double> EpochLosses, int Rows, int SkippedRows, long Tokens, double Seconds, long PeakMemoryBytes)
{
    /// <summary>What is printed of bad input.</summary>
    public static TrainResult Failed(string error) => new("error", error, null, null, null, 0, null, [], 0, 0, 0, 0, 0);

    /// <summary>What is printed of a job.</summary>
    public static TrainResult Of(TrainView view, Ending ending)
    {
        var ended = view.Ended ?? new JobEnded();
        return new TrainResult(
            ending.Outcome,
            ending.Error,
            view.Job.Job.JobId,
            Given(ended.AdapterFolder),
            Given(ended.AdapterVersion),
            view.Step?.Step ?? 0,
            view.Step?.Loss,
            ended.EpochLosses,
            ended.Rows,
            ended.SkippedRows,
            ended.Tokens,
            ended.Seconds,
            ended.PeakMemoryBytes);
    }

    private static string? Given(string text) => text.Length > 0 ? text : null;
}
