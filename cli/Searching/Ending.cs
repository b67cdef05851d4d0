using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>How a run of <c>solve</c> ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Outcome">solved, budget_spent, hidden_tests_failed, cancelled or error.</param>
/// <param name="Error">What failed, in one line; null unless the outcome is error.</param>
internal sealed record Ending(int ExitCode, string Outcome, string? Error = null)
{
    /// <summary>The user pressed Ctrl+C.</summary>
    public static Ending Cancelled { get; } = new(ExitCodes.Cancelled, "cancelled");

    /// <summary>The system failed or could not be reached.</summary>
    public static Ending Failed(string error) => new(ExitCodes.BadInput, "error", error);

    /// <summary>The search came to its end.</summary>
    public static Ending Of(Outcome outcome) => outcome switch
    {
        V1.Outcome.Solved => new Ending(ExitCodes.Solved, "solved"),
        V1.Outcome.BudgetSpent => new Ending(ExitCodes.NotSolved, "budget_spent"),
        V1.Outcome.HiddenTestsFailed => new Ending(ExitCodes.NotSolved, "hidden_tests_failed"),
        _ => Failed($"the coordinator ended the search with the unknown outcome {(int)outcome}"),
    };
}
