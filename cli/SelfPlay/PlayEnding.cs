namespace O1Coder.Cli.SelfPlay;

/// <summary>How a run of <c>selfplay</c> ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Outcome">done, cancelled or error.</param>
/// <param name="Error">What failed, in one line; null unless the outcome is error.</param>
internal sealed record PlayEnding(int ExitCode, string Outcome, string? Error = null)
{
    /// <summary>Every step is done.</summary>
    public static PlayEnding Done { get; } = new(ExitCodes.Solved, "done");

    /// <summary>The user pressed Ctrl+C.</summary>
    public static PlayEnding Cancelled { get; } = new(ExitCodes.Cancelled, "cancelled");

    /// <summary>The system failed or could not be reached.</summary>
    public static PlayEnding Failed(string error) => new(ExitCodes.BadInput, "error", error);
}
