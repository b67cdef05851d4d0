using System.Globalization;
using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>What the words of the protocol are called on the screen.</summary>
internal static class Words
{
    /// <summary>The name on the command line: greedy, sample or mcts.</summary>
    public static string Name(Strategy strategy) => strategy switch
    {
        Strategy.Greedy => "greedy",
        Strategy.Sample => "sample",
        Strategy.Mcts or Strategy.Unspecified => "mcts",
        _ => $"strategy {(int)strategy}",
    };

    /// <summary>The strategy in the coarse of a method: greedy, sample or mcts.</summary>
    public static string StrategyOf(string method) => method is "greedy" or "sample" ? method : "mcts";

    /// <summary>A method, for people.</summary>
    public static string Describe(string method) => method switch
    {
        "greedy" => "greedy: the likeliest program",
        "sample" => "sampling: independent programs",
        "o1-coder" => "tree search (o1-coder)",
        _ => $"search ({method})",
    };

    /// <summary>What a step does, one word.</summary>
    public static string Name(StepAction action) => action switch
    {
        StepAction.DefineStructure => "structure",
        StepAction.Refine => "refine",
        StepAction.Code => "code",
        StepAction.Think => "thought",
        StepAction.Improve => "improve",
        StepAction.Fix => "fix",
        StepAction.Rewrite => "rewrite",
        _ => "problem",
    };

    /// <summary>What the sandbox said, for people.</summary>
    public static string Describe(Verdict verdict) => verdict switch
    {
        Verdict.Accepted => "accepted",
        Verdict.WrongAnswer => "wrong answer",
        Verdict.RuntimeError => "runtime error",
        Verdict.TimeLimit => "time limit",
        Verdict.MemoryLimit => "memory limit",
        Verdict.OutputLimit => "output limit",
        Verdict.CompileError => "compile error",
        Verdict.PolicyViolation => "not allowed",
        Verdict.InternalError => "sandbox error",
        _ => "no verdict",
    };

    /// <summary>What the sandbox said, for machines: wrong_answer.</summary>
    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.PolicyViolation => "policy_violation",
        Verdict.InternalError => "internal_error",
        Verdict.Unspecified => "none",
        _ => Describe(verdict).Replace(' ', '_'),
    };

    /// <summary>12,345.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 test, 2 tests.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>0:07, 12:34 or 1:02:03.</summary>
    public static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Max(0, seconds));
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}")
            : string.Create(CultureInfo.InvariantCulture, $"{time:m\\:ss}");
    }

    /// <summary>A number with so many decimals, in the invariant culture.</summary>
    public static string Number(double number, int decimals) =>
        number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The sentence that says how the search ended.</summary>
    public static string Sentence(SearchView view, Ending ending)
    {
        var best = view.Best is { } judged
            ? $"the best program passes {judged.Passed}/{judged.Total} {Visible(view)} tests"
            : "no program was judged";
        var judgement = view.Finished?.Judgement;
        return ending.Outcome switch
        {
            "solved" when judgement is not null && view.RestsOnGeneratedTests =>
                $"Solved by the tests that the model wrote itself: {judgement.Passed}/{judgement.Total} generated tests pass; no others were given.",
            "solved" when judgement is not null && view.GeneratedTests.Count > 0 =>
                $"Solved: {judgement.HiddenPassed}/{judgement.HiddenTotal} hidden tests pass.",
            "solved" when judgement is not null =>
                $"Solved: {Split(judgement)} tests pass.",
            "solved" => "Solved: every test passes.",
            "hidden_tests_failed" when judgement?.Verdict == Verdict.InternalError =>
                $"Not solved: the sandbox failed at the hidden tests, which says nothing about the program: {TerminalText.OneLine(judgement.Message, 200)}",
            "hidden_tests_failed" when judgement is not null =>
                $"Not solved: passes the {Visible(view)} tests but fails a hidden one ({judgement.HiddenPassed}/{judgement.HiddenTotal} pass)"
                + $": {TerminalText.OneLine(judgement.Message.Length > 0 ? judgement.Message : Describe(judgement.Verdict), 200)}",
            "hidden_tests_failed" => "Not solved: passes the visible tests but fails a hidden one.",
            "budget_spent" => $"Not solved: budget spent after {Count(view.Rollouts, "rollout")}; {best}.",
            "cancelled" => $"Cancelled after {Count(view.Rollouts, "rollout")}; {best}.",
            _ => $"The search failed; {best}.",
        };
    }

    /// <summary>What the tests that steer the search are called: visible or generated.</summary>
    public static string Visible(SearchView view) => view.GeneratedTests.Count > 0 ? "generated" : "visible";

    /// <summary>One line about a generated test: how it was obtained, and what it says.</summary>
    public static string Describe(GeneratedTest one)
    {
        var origin = one.Origin == TestOrigin.Reference ? "references" : "programs";
        var text = one.Test?.Assertion?.Code ?? $"{one.Test?.Stdio?.Stdin.Trim()} → {one.Test?.Stdio?.Stdout.Trim()}";
        return $"{one.Agreed} of {one.Ran} {origin} agreed: {TerminalText.OneLine(text, 160)}";
    }

    /// <summary>For machines: reference or agreement.</summary>
    public static string Name(TestOrigin origin) => origin switch
    {
        TestOrigin.Reference => "reference",
        TestOrigin.Agreement => "agreement",
        _ => "unknown",
    };

    private static string Split(Judgement judgement)
    {
        var visible = $"{judgement.Passed - judgement.HiddenPassed}/{judgement.Total - judgement.HiddenTotal} visible";
        return judgement.HiddenTotal == 0 ? visible : $"{visible} and {judgement.HiddenPassed}/{judgement.HiddenTotal} hidden";
    }
}
