using System.Text.RegularExpressions;

namespace O1Coder.Coordinator;

/// <summary>
/// The words of the methods that think over: thoughts, and programs that are bettered, mended or written anew. Like
/// <see cref="PromptTexts"/> pure functions of what the model may know; a failing test is one of the visible ones.
/// </summary>
internal static partial class ThinkingTexts
{
    /// <summary>
    /// Tokens of a failing test's input, outputs and error that are shown at most. RethinkMCTS' code cuts a test's output so.
    /// </summary>
    public const int MostTestTokens = 2048;

    /// <summary>Tokens of a failing test with its trace above which it is cut. RethinkMCTS' code: of its feedback.</summary>
    public const int MostFailureTokens = 12000;

    /// <summary>Tokens that are left of one that is cut.</summary>
    public const int CutFailureTokens = 8000;

    // Programs and traces run to about three characters a token; the coordinator has no tokenizer.
    private const int CharactersPerToken = 3;

    // Problem, program and answer have to fit beside it.
    private const int ContextShare = 4;

    /// <summary>What the person says before the first thought.</summary>
    public static string ThoughtsFirst(ProblemView problem) =>
        $"{PromptTexts.ProblemOf(problem)}First think about how to solve it, one thought at a time, each in one or two sentences "
        + $"without code. Then write {PromptTexts.WhatOf(problem)} in one Python code block.";

    /// <summary>What stands before a thought.</summary>
    /// <param name="step">The number of the new step, from 1.</param>
    /// <param name="endedBy">What ended the step before: a stop string, or empty.</param>
    /// <param name="feedback">What was said about the program that follows from the thoughts so far; null for nothing.</param>
    public static string ThoughtOpening(int step, string endedBy, string? feedback) => step == 1
        ? "### Step 1: think\n"
        : feedback is null
            ? $"{PromptTexts.Closing(endedBy)}### Step {step}: think\n"
            : $"{PromptTexts.Closing(endedBy)}The program that follows from this fails a test. {feedback.Trim()}\n\n### Step {step}: think\n";

    /// <summary>What stands between a thought and the one that takes its place.</summary>
    /// <param name="step">The number of the thought, from 1.</param>
    /// <param name="endedBy">What ended it: a stop string, or empty.</param>
    /// <param name="feedback">What was said about the program that follows from it.</param>
    public static string RethinkOpening(int step, string endedBy, string feedback) =>
        $"{PromptTexts.Closing(endedBy)}The program that follows from this fails a test. {feedback.Trim()} "
        + $"Step {step} has to be replaced by a thought that avoids this.\n\n### Step {step}: think\n";

    /// <summary>Asks for a better program in place of one that fails a test.</summary>
    public static string Improve(ProblemView problem, string program, string failure) =>
        $"{Shown(problem, program)}It fails a test:\n{Block(failure)}Find out why, and write {PromptTexts.WhatOf(problem)} "
        + "so that it passes, in one Python code block.";

    /// <summary>Asks for a program in place of one that does not compile.</summary>
    public static string Fix(ProblemView problem, string program, string failure) =>
        $"{Shown(problem, program)}It does not compile:\n{Block(failure)}Write {PromptTexts.WhatOf(problem)} without the error, "
        + "in one Python code block.";

    /// <summary>Asks for a program in place of one that was criticised.</summary>
    public static string Rewrite(ProblemView problem, string program, string failure, string critique) =>
        $"{Shown(problem, program)}{Failing(failure)}A reviewer says:\n{critique.Trim()}\n\nWrite {PromptTexts.WhatOf(problem)} anew "
        + "in the light of the review, in one Python code block.";

    /// <summary>Asks why a program fails a test, and what to think instead.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="thoughts">The thoughts that it was written from.</param>
    /// <param name="program">The program.</param>
    /// <param name="failure">The failing test with its trace, cut.</param>
    public static string WhyItFails(ProblemView problem, IReadOnlyList<string> thoughts, string program, string failure)
    {
        var thought = string.Concat(thoughts.Select((one, i) => $"### Step {i + 1}: think\n{one.Trim()}\n\n"));
        return $"{PromptTexts.ProblemOf(problem)}These thoughts led to a program:\n\n{thought}{Code(program)}It fails a test; "
            + $"lines are shown as they ran, with the variables that changed:\n{Block(failure)}Say in two or three sentences, "
            + "without code, what goes wrong and which thought was mistaken.";
    }

    /// <summary>Asks for a critique of a program.</summary>
    public static string Critique(ProblemView problem, string program, string failure) =>
        $"{Shown(problem, program)}{Failing(failure)}Review the program strictly: say in two or three sentences, without code, "
        + "what is wrong or missing and how to make it better.";

    /// <summary>What is shown of a failing test: by RethinkMCTS' rules, and at most a quarter of the context.</summary>
    /// <param name="failure">See <see cref="Search.Judgement.Failure"/>.</param>
    /// <param name="contextTokens">Tokens that the model can read and write.</param>
    public static string Cut(string failure, int contextTokens)
    {
        var trace = TraceStart().Match(failure);
        var test = trace.Success ? failure[..trace.Index] : failure;
        var whole = First(test, MostTestTokens) + failure[test.Length..];
        whole = whole.Length > MostFailureTokens * CharactersPerToken ? First(whole, CutFailureTokens) : whole;
        return First(whole, contextTokens / ContextShare);
    }

    /// <summary>Every text for a problem, with nothing put in: who keeps answers under what was read compares these.</summary>
    public static IReadOnlyList<string> Wording(ProblemView problem) =>
    [
        ThoughtsFirst(problem), ThoughtOpening(1, "", null), ThoughtOpening(2, "", "f"), RethinkOpening(2, "", "f"), Improve(problem, "p", "f"),
        Fix(problem, "p", "f"), Rewrite(problem, "p", "f", "c"), WhyItFails(problem, ["t"], "p", "f"), Critique(problem, "p", "f"),
    ];

    private static string Shown(ProblemView problem, string program) =>
        $"{PromptTexts.ProblemOf(problem)}This program was written for it:\n{Code(program)}";

    private static string Failing(string failure) => failure.Length == 0 ? "" : $"It fails a test:\n{Block(failure)}";

    private static string Code(string program) => $"{PromptTexts.FenceOpening}{program.TrimEnd()}\n{PromptTexts.Fence}\n\n";

    private static string Block(string text) => $"{PromptTexts.Fence}\n{text.TrimEnd()}\n{PromptTexts.Fence}\n\n";

    // Never between the halves of a surrogate pair.
    private static string First(string text, int tokens)
    {
        var length = Math.Max(1, (int)Math.Min(int.MaxValue, (long)tokens * CharactersPerToken));
        return text.Length <= length
            ? text
            : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…\n");
    }

    // As FirstFailure tells it.
    [GeneratedRegex(@"^line \d+ \(", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TraceStart();
}
