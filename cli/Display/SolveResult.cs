using O1Coder.Cli.Searching;

namespace O1Coder.Cli.Display;

/// <summary>What <c>solve --json</c> prints. Every field is always there; null says that there is no such thing.</summary>
/// <param name="Problem">The problem's name.</param>
/// <param name="Strategy">greedy, sample, or mcts for any other method.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Outcome">solved, budget_spent, hidden_tests_failed, cancelled or error.</param>
/// <param name="Error">What failed; null unless the outcome is error.</param>
/// <param name="Program">The returned program, else the best so far, else null.</param>
/// <param name="Verdict">accepted, wrong_answer, …: by all tests, or by the visible ones where the search did not end.</param>
/// <param name="Message">One line on the first failing test; null where none failed.</param>
/// <param name="Passed">Tests passed: of all tests, or of the visible ones where the search did not end.</param>
/// <param name="Total">The tests that <paramref name="Passed"/> counts.</param>
/// <param name="HiddenPassed">Hidden tests passed; null where the model wrote all tests.</param>
/// <param name="HiddenTotal">Hidden tests judged; null where the model wrote all tests.</param>
/// <param name="Rollouts">Rollouts done.</param>
/// <param name="Nodes">Nodes in the tree.</param>
/// <param name="Programs">Programs judged.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Seconds">Seconds of the search.</param>
/// <param name="TokensPerSecond">Tokens a second over the whole search, tests included.</param>
/// <param name="BestValue">The best value on the visible tests.</param>
/// <param name="TreeHash">SHA-256 of the tree.</param>
/// <param name="Model">The model's name.</param>
/// <param name="AdapterVersion">The version of the model's adapter; null for none.</param>
/// <param name="RestsOnGeneratedTests">Whether the verdict rests on tests that the model wrote, for want of others.</param>
/// <param name="GeneratedTests">The visible tests where the model wrote them; null where tests were given.</param>
/// <param name="Log">The event log, or its folder where the search did not end.</param>
/// <param name="Trace">The trace of the winning path.</param>
internal sealed record SolveResult(
    string? Problem, string? Strategy, string? Method, ulong? Seed, string Outcome, string? Error, string? Program, string? Verdict,
    string? Message, int? Passed, int? Total, int? HiddenPassed, int? HiddenTotal, int Rollouts, int Nodes, int Programs,
    long Tokens, double Seconds, double TokensPerSecond, double BestValue, string? TreeHash, string? Model, string? AdapterVersion,
    bool RestsOnGeneratedTests, IReadOnlyList<GeneratedTestResult>? GeneratedTests, string? Log, string? Trace)
{
    /// <summary>The result of a search, however it ended.</summary>
    public static SolveResult Of(SearchView view, Ending ending)
    {
        var finished = view.Finished;
        var judgement = finished?.Judgement;
        return new SolveResult(
            view.ProblemId, Words.StrategyOf(view.Method), view.Method, view.Seed, ending.Outcome, ending.Error, NullIfEmpty(view.Program),
            judgement is not null ? Words.Name(judgement.Verdict) : view.Best is { } best ? Words.Name(best.Verdict) : null,
            NullIfEmpty(judgement?.Message ?? view.Best?.Message),
            judgement?.Passed ?? view.Best?.Passed, judgement?.Total ?? view.Best?.Total,
            view.RestsOnGeneratedTests ? null : judgement?.HiddenPassed, view.RestsOnGeneratedTests ? null : judgement?.HiddenTotal, view.Rollouts, view.Nodes, view.Programs, view.Tokens,
            Math.Round(view.Seconds, 3), view.Seconds > 0 ? Math.Round(view.Tokens / view.Seconds, 2) : 0,
            finished?.Value ?? view.BestValue, NullIfEmpty(finished?.TreeHash), NullIfEmpty(view.Model),
            NullIfEmpty(view.AdapterVersion), view.RestsOnGeneratedTests,
            view.GeneratedTests.Count == 0 ? null : [.. view.GeneratedTests.Select(GeneratedTestResult.Of)],
            NullIfEmpty(finished?.LogPath) ?? NullIfEmpty(view.Folder), NullIfEmpty(finished?.TracePath));
    }

    /// <summary>The result of a command line that could not be used.</summary>
    public static SolveResult Refused(string error) => new(
        null, null, null, null, "error", error, null, null, null, null, null, null, null, 0, 0, 0, 0, 0, 0, 0, null, null, null, false, null, null, null);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
