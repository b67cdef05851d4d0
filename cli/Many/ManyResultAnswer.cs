namespace O1Coder.Cli.Many;

/// <summary>A problem that is done with.</summary>
/// <param name="Problem">Its name.</param>
/// <param name="Outcome">solved, budget_spent or hidden_tests_failed.</param>
/// <param name="Verdict">The best program's verdict; null without a program.</param>
/// <param name="Rollouts">Rollouts that it took.</param>
/// <param name="Tokens">Tokens that it took.</param>
/// <param name="Program">The best program; null for none.</param>
/// <param name="Error">Why it could not be searched; null when it was.</param>
internal sealed record ManyResultAnswer(
    string Problem, string Outcome, string? Verdict, int Rollouts, long Tokens, string? Program, string? Error);
