namespace O1Coder.Cli.Evaluation;

/// <summary>How a run of <c>evaluate</c> ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Outcome">done, cancelled or error.</param>
/// <param name="Error">What failed, in one line; null unless the outcome is error.</param>
internal sealed record EvaluationEnding(int ExitCode, string Outcome, string? Error = null)
{
    /// <summary>All was measured.</summary>
    public static EvaluationEnding Done { get; } = new(ExitCodes.Solved, "done");

    /// <summary>The user pressed Ctrl+C.</summary>
    public static EvaluationEnding Cancelled { get; } = new(ExitCodes.Cancelled, "cancelled");

    /// <summary>The system failed or could not be reached.</summary>
    public static EvaluationEnding Failed(string error) => new(ExitCodes.BadInput, "error", error);
}
