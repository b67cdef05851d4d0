using O1Coder.Cli.Display;

namespace O1Coder.Cli.SelfPlay;

/// <summary>Draws the live view of a run. Pure: the same arguments, the same picture.</summary>
internal static class PlayScreen
{
    private const int LeastBar = 10;

    /// <summary>The picture: at most <paramref name="rows"/> lines.</summary>
    /// <param name="view">What to show.</param>
    /// <param name="elapsed">Seconds since the command began.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Rows; the fewer, the more is left out.</param>
    public static IReadOnlyList<Line> Draw(PlayView view, double elapsed, int width, int rows)
    {
        var lines = new List<Line>
        {
            new Line().Add($"self-play {view.Started?.Run}", Styles.Strong)
                .AddRight($"{Words.Count(view.Tokens, "token")} · {Words.Time(elapsed)}", Styles.Quiet),
        };
        var steps = view.Started?.Steps ?? 0;
        lines.Add(Bar(steps == 0 ? 0 : (double)view.Done.Length / steps, width, $" {view.Done.Length}/{steps} steps"));
        if (view.Step is { } step)
        {
            var part = step.Part == 0 ? "" : $" · part {step.Part}";
            var iteration = step.Iteration == 0 ? "" : $" · iteration {step.Iteration}";
            lines.Add(new Line());
            lines.Add(new Line().Add($"{step.Step} {step.Name}", Styles.Accent).Add($"  {step.Title}").AddRight($"{part}{iteration}".TrimStart(' ', '·'), Styles.Quiet));
            if (view.Progress is { } progress)
            {
                if (progress.Total > 0)
                {
                    lines.Add(Bar((double)progress.Done / progress.Total, width, ""));
                }

                lines.Add(new Line().Add(PlayWords.Standing(progress)));
                if (view.Losses.Length > 1)
                {
                    lines.Add(new Line().Add("loss ", Styles.Quiet).Add(Sparkline.Of(view.Losses, width / 2), Styles.Middling));
                }
            }
        }

        lines.Add(new Line());
        var room = Math.Max(0, rows - lines.Count);
        lines.AddRange(view.Done.TakeLast(room).Reverse().Select(done => new Line().Add(" ✓ ", Styles.Good).Add($"{done.Name} ", Styles.Strong)
            .Add(done.Summary, Styles.Quiet).AddRight(done.Known ? "known" : Words.Time(done.Seconds), Styles.Quiet)));
        return [.. lines.Take(rows)];
    }

    private static Line Bar(double share, int width, string after)
    {
        var cells = Math.Max(LeastBar, width / 2);
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * cells);
        return new Line().Add(new string('━', full), Styles.Accent).Add(new string('─', cells - full), Styles.Quiet).Add(after, Styles.Strong);
    }
}
