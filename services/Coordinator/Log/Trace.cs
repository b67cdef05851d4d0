using System.Globalization;
using System.Text;
using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>The readable account of a finished search, in Markdown.</summary>
internal static class Trace
{
    /// <summary>Writes the account.</summary>
    public static string Write(SolvePlan plan, V1.SearchStarted started, SearchTree tree, V1.SearchFinished finished)
    {
        var text = new StringBuilder();
        var totals = finished.Totals;
        text.AppendLine(Invariant($"# {plan.Problem.Title}")).AppendLine();
        text.AppendLine(Invariant($"Search `{started.SearchId}`: **{OutcomeText(finished)}**.")).AppendLine();
        text.AppendLine("## What it cost").AppendLine();
        text.AppendLine(Invariant($"- {totals.Seconds:0.0} s, {Count(totals.Rollouts, "rollout")}, {Count(totals.Programs, "program")} judged, {Count(totals.Nodes, "node")}, depth {totals.Depth}."));
        text.AppendLine(Invariant($"- {Count(totals.GeneratedTokens, "token")} generated at {totals.TokensPerSecond:0.0} a second; the tree's steps hold {tree.Tokens}.{CacheText(totals, tree)}"));
        text.AppendLine(Invariant($"- {Count(totals.PromptTokens, "prompt token")} asked for, {totals.CachedPromptTokens} of them found in the prefix cache."));
        text.AppendLine(Invariant($"- Model `{started.Model.ModelId}` ({Short(started.Model.ModelHash)}{Adapter(started.Model)})."));
        text.AppendLine(Invariant($"- Strategy {started.Options.Strategy.ToString().ToLowerInvariant()}, action plan {plan.ActionPlan}, c = {started.Options.Exploration}, {Count(started.Options.SamplesPerExpansion, "sample")} an expansion, temperature {started.Options.Temperature}."));
        text.AppendLine(Invariant($"- {SplitText(plan.Tests)}")).AppendLine();
        text.AppendLine("## The problem").AppendLine();
        text.AppendLine(Quote(plan.Problem.Statement)).AppendLine();
        AppendTests(text, plan);
        text.AppendLine("## The path").AppendLine();
        AppendPath(text, tree, finished);
        if (finished.Judgement is { } judgement)
        {
            text.AppendLine("## The judgement by all tests").AppendLine();
            text.AppendLine(Invariant($"{judgement.Verdict}: {judgement.Passed} of {Count(judgement.Total, "test")} passed, {judgement.HiddenPassed} of {judgement.HiddenTotal} hidden."));
            text.AppendLine(judgement.Message.Length > 0 ? Environment.NewLine + judgement.Message + Environment.NewLine : "");
        }

        text.AppendLine("## How to see it again").AppendLine();
        text.AppendLine(Invariant($"The same request (`request.json` beside this file) with seed {started.Options.Seed} on the same build and model gives the same tree, hash `{finished.TreeHash}`."));
        text.AppendLine("`events.jsonl` holds every event in order; applied one after another they rebuild the tree with that hash.");
        return text.ToString();
    }

    /// <summary>How the tests were split, in words.</summary>
    public static string SplitText(TestSplit tests) => tests.Rule switch
    {
        _ when tests.Visible.Count == 0 => "No tests were given that may steer a search: they are to be written.",
        HeldOut.GivenAlone => $"{Count(tests.Visible.Count, "generated test")} steered the search, {Count(tests.Hidden.Count, "hidden test")} alone judged the result.",
        HeldOut.Shared when tests.Visible.Count > 1 => $"{Count(tests.Visible.Count, "generated test")} both steered the search and judged the result.",
        HeldOut.Given => $"{Count(tests.Visible.Count, "visible test")} steered the search, {Count(tests.Hidden.Count, "hidden test")} judged the result.",
        HeldOut.LastThird => $"No hidden tests were given: {tests.Hidden.Count} of {tests.Visible.Count + tests.Hidden.Count} tests, the last, {(tests.Hidden.Count == 1 ? "was" : "were")} held out to judge the result.",
        _ => "There is a single test: it both steered the search and judged the result.",
    };

    private static void AppendTests(StringBuilder text, SolvePlan plan)
    {
        if (plan.GeneratedTests.Count == 0)
        {
            return;
        }

        text.AppendLine("## The tests, written by the model").AppendLine();
        text.AppendLine(plan.Tests.Rule == HeldOut.GivenAlone
            ? "The problem came without tests that may steer a search. These did; the hidden ones judged alone."
            : "The problem came without tests: the verdict rests on these.").AppendLine();
        foreach (var one in plan.GeneratedTests)
        {
            text.AppendLine(Invariant($"- {(one.Origin == V1.TestOrigin.Reference ? "By reference" : "By agreement")}, {one.Agreed} of {Count(one.Ran, "program")}:")).AppendLine();
            text.AppendLine(Block(one.Test.Assertion?.Code ?? $"# input:\n{one.Test.Stdio.Stdin.TrimEnd()}\n# output:\n{one.Test.Stdio.Stdout}")).AppendLine();
        }
    }

    private static void AppendPath(StringBuilder text, SearchTree tree, V1.SearchFinished finished)
    {
        if (finished.Node == 0)
        {
            text.AppendLine("No program was judged.").AppendLine();
            return;
        }

        foreach (var node in tree.Nodes[finished.Node].PathFromRoot())
        {
            var action = node.Action switch
            {
                StepAction.Root => "The problem",
                StepAction.DefineStructure => "Define the structure",
                StepAction.Refine => "Refine",
                StepAction.Think => "Think",
                StepAction.Improve => "Improve the program",
                StepAction.Fix => "Fix the program",
                StepAction.Rewrite => "Rewrite the program",
                _ => "Write the program",
            };
            text.AppendLine(Invariant($"### {node.Depth}. {action} (node {node.Number}: N = {node.Visits}, Q = {node.Value:0.000}, best {node.BestValue:0.000}, {Count(node.Tokens, "token")})")).AppendLine();
            if (node.Program is not null && node.Judgement is { } judgement)
            {
                text.AppendLine(Block(node.Program)).AppendLine();
                text.AppendLine(Invariant($"The sandbox: {judgement.Verdict}, {judgement.Passed} of {Count(judgement.Total, "visible test")} passed, v = {node.OwnValue:0.000}. {judgement.Message}")).AppendLine();
            }
            else if (node.Text.Length > 0)
            {
                text.AppendLine(Quote(node.Text)).AppendLine();
            }
        }
    }

    private static string OutcomeText(V1.SearchFinished finished) => finished.Outcome switch
    {
        V1.Outcome.Solved => "solved: the program passes every test",
        V1.Outcome.HiddenTestsFailed => "the program passes the visible tests and fails a hidden one",
        _ => "the budget was spent before a program passed the visible tests",
    };

    private static string CacheText(V1.SearchProgress totals, SearchTree tree) => tree.Tokens > totals.GeneratedTokens
        ? Invariant($" {tree.Tokens - totals.GeneratedTokens} came from the cache.")
        : "";

    private static string Count(long count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Adapter(V1.ModelIdentity model) =>
        model.Adapter.Length == 0 ? "" : $", adapter {model.Adapter} {model.AdapterVersion}";

    private static string Short(string hash) => hash.Length <= 12 ? hash : hash[..12];

    private static string Quote(string text) => string.Join('\n', text.Trim().Split('\n').Select(line => "> " + line));

    // A fence longer than any in the program.
    private static string Block(string program)
    {
        var fence = "```";
        while (program.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        return $"{fence}python\n{program.TrimEnd()}\n{fence}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
