using System.Globalization;
using System.Text;

namespace O1Coder.Coordinator;

/// <summary>Writes report.md: what a run brought, for people. A run that goes on has a report of what is done.</summary>
internal static class RunReport
{
    /// <summary>The whole report.</summary>
    /// <param name="manifest">What the run is made of.</param>
    /// <param name="plan">The request.</param>
    /// <param name="records">The steps that are done.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="adapters">What is in use.</param>
    public static string Write(RunManifest manifest, PlayPlan plan, IReadOnlyList<StepRecord> records, int steps, AdaptersInUse adapters)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Self-play run {manifest.Run}\n\n");
        text.Append(records.Count == steps
            ? ""
            : $"**The run is not finished: {records.Count} of {steps} steps are done.** The same command goes on.\n\n");
        text.Append(Summary(records, adapters)).Append('\n');
        Before(text, records);
        TestCases(text, records);
        Process(text, records);
        Kept(text, records);
        Losses(text, records);
        Steps(text, records);
        Settings(text, manifest, plan);
        return text.ToString();
    }

    /// <summary>A few lines of Markdown: what is in use, and the main numbers.</summary>
    public static string Summary(IReadOnlyList<StepRecord> records, AdaptersInUse adapters)
    {
        var text = new StringBuilder();
        var before = MetricsOf(records, "evaluate-base");
        var after = MetricsOf(records, "evaluate-final");
        foreach (var metric in before)
        {
            if (after.FirstOrDefault(one => one.Name == metric.Name) is { } then && IsHeadline(metric.Name))
            {
                text.Append(CultureInfo.InvariantCulture, $"- {metric.Name}: {Show(metric)} before, {Show(then)} after\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"- policy: {Or(adapters.Policy)}\n");
        text.Append(CultureInfo.InvariantCulture, $"- test-case generator: {Or(adapters.Tcg)}\n");
        text.Append(CultureInfo.InvariantCulture, $"- process reward model: {(adapters.Prm.Length == 0 ? "zero-shot" : adapters.Prm)}\n");
        text.Append(CultureInfo.InvariantCulture, $"- {Text.Time(records.Sum(record => record.Seconds))} in all, {records.Sum(record => record.GeneratedTokens).ToString("N0", CultureInfo.InvariantCulture)} tokens written\n");
        return text.ToString();
    }

    private static void Before(StringBuilder text, IReadOnlyList<StepRecord> records)
    {
        var before = MetricsOf(records, "evaluate-base");
        var after = MetricsOf(records, "evaluate-final");
        if (before.Count == 0)
        {
            return;
        }

        text.Append("\n## Before and after\n\nOn the evaluation problems. Nothing is trained on them, but the gates below look at them: what was kept was chosen by greedy pass@1 here, so these numbers favour the kept policy a little. In brackets: 95 % bootstrap intervals over problems; one without width says that these few problems were alike, not that the number is certain.\n\n");
        text.Append("| metric | base model | kept policy | problems |\n|---|---|---|---|\n");
        foreach (var metric in before.Where(one => one.Name.Contains("pass@", StringComparison.Ordinal) || one.Name == "aspr"))
        {
            var then = after.FirstOrDefault(one => one.Name == metric.Name);
            text.Append(CultureInfo.InvariantCulture, $"| {metric.Name} | {Show(metric)} | {(then is null ? "not measured" : Show(then))} | {metric.Problems}{(then is null || then.Problems == metric.Problems ? "" : $", then {then.Problems}")} |\n");
        }

        text.Append("\n\"greedy\": one program, the likeliest token each time. \"sample\": independent programs. \"search\": the program that a tree search returns. ASPR is defined in docs/metrics.md.\n");
    }

    private static void TestCases(StringBuilder text, IReadOnlyList<StepRecord> records)
    {
        var rates = records.Where(record => record.Name.StartsWith("tcg-rate-", StringComparison.Ordinal)).ToList();
        if (rates.Count == 0)
        {
            return;
        }

        text.Append("\n## Test-case generator\n\nThe share of greedily written cases that the reference solutions confirm, on the evaluation problems.\n\n| model | pass rate | |\n|---|---|---|\n");
        foreach (var record in rates)
        {
            var rate = record.Metrics.FirstOrDefault(one => one.Name == TcgRateStep.PassRate);
            text.Append(CultureInfo.InvariantCulture, $"| {record.Name["tcg-rate-".Length..]} | {(rate is null ? "none" : Show(rate))} | {Cell(record.Summary)} |\n");
        }
    }

    private static void Process(StringBuilder text, IReadOnlyList<StepRecord> records)
    {
        var rates = records.Where(record => record.Part == 4 && record.Name.EndsWith("-gate", StringComparison.Ordinal)).ToList();
        if (rates.Count == 0)
        {
            return;
        }

        text.Append("\n## Process reward model\n\nOn the paths of held-out problems; a step is good where v is at least 0.5.\n\n| iteration | metric | value | problems |\n|---|---|---|---|\n");
        foreach (var record in rates)
        {
            foreach (var metric in record.Metrics)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {record.Iteration} | {metric.Name} | {Show(metric)} | {metric.Problems} |\n");
            }
        }
    }

    private static void Kept(StringBuilder text, IReadOnlyList<StepRecord> records)
    {
        var gates = records.Where(record => record.Name.EndsWith("-gate", StringComparison.Ordinal) || record.Name.StartsWith("tcg-rate-", StringComparison.Ordinal)).ToList();
        if (gates.Count == 0)
        {
            return;
        }

        text.Append("\n## What was kept, and why\n\nA new policy stays only if, greedily, at least as many evaluation problems are solved as before; a test-case generator only if its pass rate is above every earlier one; a process reward model only if its AUC (where that is not defined, its accuracy) on held-out problems is not below that of what was in use. What does not stay is left in adapters/.\n\n");
        foreach (var record in gates)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {record.Name}: {record.Summary}\n");
        }
    }

    private static void Losses(StringBuilder text, IReadOnlyList<StepRecord> records)
    {
        var trained = records.Where(record => record.Outputs.Any(file => file.Path.EndsWith(".csv", StringComparison.Ordinal))).ToList();
        if (trained.Count == 0)
        {
            return;
        }

        text.Append("\n## Losses\n");
        foreach (var record in trained)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {record.Name}\n\n{record.Title}. {record.Summary}. Every step is in [curves/{record.Name}.csv](curves/{record.Name}.csv).\n\n![{record.Name}](curves/{record.Name}.svg)\n");
        }
    }

    private static void Steps(StringBuilder text, IReadOnlyList<StepRecord> records)
    {
        text.Append("\n## Steps\n\n| step | name | part | time | tokens | what came of it |\n|---|---|---|---|---|---|\n");
        foreach (var record in records)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {record.Step} | [{record.Name}]({PlayFolder.RecordName(record.Step, record.Name)}) | {(record.Part == 0 ? "" : record.Part)} | {Text.Time(record.Seconds)} | {record.GeneratedTokens.ToString("N0", CultureInfo.InvariantCulture)} | {Cell(record.Summary)} |\n");
        }
    }

    private static void Settings(StringBuilder text, RunManifest manifest, PlayPlan plan)
    {
        text.Append("\n## Settings\n\n| setting | value |\n|---|---|\n");
        (string Name, string Value)[] rows =
        [
            ("began", manifest.Began.ToString("u", CultureInfo.InvariantCulture)),
            ("model", manifest.ModelId),
            ("model hash", manifest.ModelHash),
            ("problems to learn from", $"{manifest.Problems}"),
            ("evaluation problems", $"{manifest.EvaluationProblems}"),
            ("problems hash", manifest.ProblemsHash),
            ("seed", $"{plan.Settings.Seed}"),
            ("quick", plan.Settings.Quick ? "yes" : "no"),
            ("iterations", $"{plan.Settings.Iterations}"),
            ("rollouts a search", $"{plan.Settings.Rollouts}"),
            ("process reward model", plan.Settings.Prm.ToString()),
            ("reward schedule", plan.Settings.RewardSchedule.ToString()),
            ("gamma", Text.Number(plan.Settings.Gamma)),
            ("rewards beside tests and steps", plan.Settings.Rewards.Length == 0 ? "none" : plan.Settings.Rewards),
            ("evaluation samples", $"{plan.Settings.EvaluationSamples}"),
            ("rows of training data a part", plan.Settings.Rows == 0 ? "each part's default" : $"{plan.Settings.Rows}"),
            ("base precision", plan.Settings.BasePrecision),
        ];
        foreach (var (name, value) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(value)} |\n");
        }
    }

    private static IReadOnlyList<StepMetric> MetricsOf(IReadOnlyList<StepRecord> records, string name) =>
        records.FirstOrDefault(record => record.Name == name)?.Metrics ?? [];

    private static bool IsHeadline(string name) =>
        name is "greedy pass@1" or "search pass@1" or "aspr" || name.StartsWith("sample pass@", StringComparison.Ordinal);

    private static string Show(StepMetric metric) => string.Create(
        CultureInfo.InvariantCulture, $"{metric.Value:0.000} [{metric.Low:0.000}, {metric.High:0.000}]");

    private static string Or(string adapter) => adapter.Length == 0 ? "the base model" : adapter;

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
