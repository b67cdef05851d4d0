using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>A run in words.</summary>
internal static class PlayWords
{
    /// <summary>"3/8 problems, learn-7, 1,234 tokens, 180.0 tokens/s, loss 1.234, 0:41 left".</summary>
    public static string Standing(StepProgress progress)
    {
        var parts = new List<string>();
        if (progress.Total > 0)
        {
            parts.Add($"{progress.Done}/{progress.Total} {progress.Unit}s");
        }

        if (progress.Item.Length > 0)
        {
            parts.Add(TerminalText.OneLine(progress.Item, 60));
        }

        if (progress.GeneratedTokens > 0)
        {
            parts.Add(Words.Count(progress.GeneratedTokens, "token"));
        }

        if (progress.TokensPerSecond > 0)
        {
            parts.Add($"{Words.Number(progress.TokensPerSecond, 1)} tokens/s");
        }

        if (progress.HasLoss)
        {
            parts.Add($"loss {Words.Number(progress.Loss, 4)}");
        }

        if (progress.SecondsLeft > 0)
        {
            parts.Add($"{Words.Time(progress.SecondsLeft)} left");
        }

        return string.Join(", ", parts);
    }

    /// <summary>A step that is done, in one line.</summary>
    public static string Describe(StepDone step) =>
        $"{step.Name}: {TerminalText.OneLine(step.Summary)}" + (step.Known ? " (known)" : $" ({Words.Time(step.Seconds)})");

    /// <summary>The last lines: the summary, and where everything lies.</summary>
    public static IEnumerable<string> Report(PlayView view, Ending ending)
    {
        if (view.Finished is { } finished)
        {
            foreach (var line in finished.Summary.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return TerminalText.OneLine(line);
            }

            yield return $"report: {TerminalText.OneLine(finished.ReportPath)}";
            if (finished.PolicyAdapter.Length > 0)
            {
                yield return $"adapter: {TerminalText.OneLine(finished.PolicyAdapter)}";
            }
        }
        else if (view.Started is { } started)
        {
            yield return $"{view.Done.Length} of {started.Steps} steps are done, in {TerminalText.OneLine(started.Folder)}; the same command goes on"
                + (ending.Outcome == "cancelled" ? "." : " once the cause is gone.");
        }
    }
}
