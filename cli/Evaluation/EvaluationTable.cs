using O1Coder.Cli.Display;
using Spectre.Console;

namespace O1Coder.Cli.Evaluation;

/// <summary>The result on the screen: a table with a row a metric, and a few lines below it.</summary>
internal static class EvaluationTable
{
    /// <summary>Writes the arms that have ended, and their comparison if there is one.</summary>
    public static void Write(Terminal terminal, TextWriter output, EvaluationView view)
    {
        var arms = view.Arms.Where(arm => arm.Finished is not null).ToList();
        if (arms.Count == 0)
        {
            return;
        }

        var console = terminal.CreateConsole(output);
        var comparison = view.Comparison;
        var table = new Table { Border = TableBorder.Simple, BorderStyle = Styles.Quiet };
        table.AddColumn(new TableColumn("metric").NoWrap());
        foreach (var arm in arms)
        {
            table.AddColumn(new TableColumn(Markup.Escape(TerminalText.OneLine(arm.Name))).RightAligned());
            table.AddColumn(new TableColumn("95 %"));
        }

        if (comparison is not null)
        {
            table.AddColumn(new TableColumn("difference").RightAligned());
            table.AddColumn(new TableColumn("95 %"));
        }

        foreach (var metric in arms.SelectMany(arm => arm.Finished!.Metrics.Select(one => one.Name)).Distinct().ToList())
        {
            table.AddRow(Row(arms, comparison, metric).Select(Markup.Escape).ToArray());
        }

        console.Write(table);
        foreach (var arm in arms)
        {
            output.WriteLine($"{TerminalText.OneLine(arm.Name)}: {EvaluationWords.Verdicts(arm.Finished!)}; "
                + $"{Words.Count(arm.Finished!.GeneratedTokens, "token")}, {Words.Time(arm.Finished.Seconds)} of work; {EvaluationWords.Weights(arm.Started?.Model)}");
        }

        if (comparison is not null)
        {
            output.WriteLine(EvaluationWords.Score(view, comparison));
        }

        foreach (var arm in arms)
        {
            output.WriteLine($"kept in {TerminalText.OneLine(arm.Started?.Folder ?? "")}");
        }

        output.Flush();
    }

    private static IEnumerable<string> Row(IReadOnlyList<ArmView> arms, Comparison? comparison, string metric)
    {
        yield return metric;
        foreach (var arm in arms)
        {
            var estimate = arm.Finished!.Metrics.FirstOrDefault(one => one.Name == metric);
            yield return estimate is null ? "–" : EvaluationWords.Value(metric, estimate.Value);
            yield return estimate is null ? "" : EvaluationWords.Interval(metric, estimate.Low, estimate.High);
        }

        if (comparison is not null)
        {
            var known = comparison.Differences.TryGetValue(metric, out var difference);
            yield return known ? EvaluationWords.Value(metric, difference.Estimate, signed: true) : "";
            yield return known ? EvaluationWords.Interval(metric, difference.Low, difference.High) : "";
        }
    }
}
