using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>How a run of <c>train</c> ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Error">What failed, in one line; null where nothing did.</param>
internal sealed record TrainEnding(int ExitCode, string? Error = null)
{
    /// <summary>The adapter is there.</summary>
    public static TrainEnding Done { get; } = new(ExitCodes.Solved);

    /// <summary>The user pressed Ctrl+C.</summary>
    public static TrainEnding Cancelled { get; } = new(ExitCodes.Cancelled);

    /// <summary>The job or the system failed.</summary>
    public static TrainEnding Failed(string error) => new(ExitCodes.BadInput, error);

    /// <summary>The job came to an end.</summary>
    public static TrainEnding Of(JobEnded ended)
    {
        if (ended.State == JobState.Done)
        {
            return Done;
        }

        var what = ended.Failure switch
        {
            JobFailure.NotFinite => "training failed, a number was not finite",
            JobFailure.ExplodingGradient => "training failed, the gradient exploded",
            JobFailure.Storage => "training failed, the disk cannot be written",
            JobFailure.Memory => "training failed, there was not enough memory",
            JobFailure.Input => "training failed, its input is not what it must be",
            _ when ended.State == JobState.Cancelled => "the job was cancelled by someone else",
            _ when ended.State == JobState.Interrupted => "the trainer stopped",
            _ => "training failed",
        };
        var kept = ended.AdapterFolder.Length > 0 ? $"; the last good checkpoint is {ended.AdapterFolder}" : "";
        return Failed($"{what}: {ended.Message}{kept}");
    }
}
