using O1Coder.V1;

namespace O1Coder.Cli;

/// <summary>How a command that a coordinator worked for ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Outcome">solved, budget_spent or hidden_tests_failed of a search, done of any other work; cancelled or error.</param>
/// <param name="Error">What failed, in one line; null unless the outcome is error.</param>
internal sealed record Ending(int ExitCode, string Outcome, string? Error = null)
{
    /// <summary>All that was asked for is done.</summary>
    public static Ending Done { get; } = new(ExitCodes.Solved, "done");

    /// <summary>The user pressed Ctrl+C.</summary>
    public static Ending Cancelled { get; } = new(ExitCodes.Cancelled, "cancelled");

    /// <summary>The system failed or could not be reached.</summary>
    public static Ending Failed(string error) => new(ExitCodes.BadInput, "error", error);

    /// <summary>A search came to its end.</summary>
    public static Ending Of(Outcome outcome) => outcome switch
    {
        V1.Outcome.Solved => new Ending(ExitCodes.Solved, "solved"),
        V1.Outcome.BudgetSpent => new Ending(ExitCodes.NotSolved, "budget_spent"),
        V1.Outcome.HiddenTestsFailed => new Ending(ExitCodes.NotSolved, "hidden_tests_failed"),
        _ => Failed($"the coordinator ended the search with the unknown outcome {(int)outcome}"),
    };

    /// <summary>A training job came to its end.</summary>
    public static Ending Of(JobEnded ended)
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
