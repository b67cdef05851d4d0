using O1Coder.Cli.Searching;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace O1Coder.Cli.Display;

/// <summary>Draws the live view of a search into so many columns and rows. Pure: the same arguments, the same picture.</summary>
internal static class SearchScreen
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private const int HeaderRows = 4;
    private const int LeastRowsForFrame = 16;
    private const int MostVerdicts = 5;
    private const int MostTreeRows = 9;
    private const int LabelWidth = 10;

    /// <summary>The picture: at most <paramref name="rows"/> lines.</summary>
    /// <param name="view">What to show.</param>
    /// <param name="elapsed">Seconds since the command began, by this machine's clock.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rows">Rows; the fewer, the more is left out.</param>
    /// <param name="running">Whether the search still goes on.</param>
    public static IRenderable Draw(SearchView view, double elapsed, int width, int rows, bool running = true)
    {
        var parts = new List<IRenderable>();
        var left = rows;
        if (rows >= LeastRowsForFrame)
        {
            parts.Add(Header(view));
            left -= HeaderRows;
        }
        else if (rows > 3)
        {
            parts.Add(Title(view));
            left--;
        }

        var figures = Figures(view, elapsed, width, running).Take(left).ToList();
        parts.AddRange(figures);
        left -= figures.Count;
        left -= AddSection(parts, "Sandbox", Verdicts(view, Math.Min(MostVerdicts, (left - 2) / 2)), left);
        AddSection(parts, view.Best is null ? "Tree" : "Tree, down to the best program", TreePicture.Lines(view, Math.Min(MostTreeRows, left - 1)), left);
        return new Rows(parts);
    }

    private static int AddSection(List<IRenderable> parts, string title, IReadOnlyList<Line> lines, int room)
    {
        if (lines.Count == 0 || lines.Count + 1 > room)
        {
            return 0;
        }

        parts.Add(new Rule($"[bold]{title}[/]") { Justification = Justify.Left, Style = Styles.Quiet });
        parts.AddRange(lines);
        return lines.Count + 1;
    }

    private static Panel Header(SearchView view)
    {
        var second = new Line().Add(view.Model.Length > 0 ? view.Weights : "waiting for the model", Styles.Accent)
            .AddRight($"seed {view.Seed}", Styles.Quiet);
        return new Panel(new Rows(Title(view), second))
        {
            Border = BoxBorder.Rounded,
            BorderStyle = Styles.Accent,
            Header = new PanelHeader("\u00a0o1coder\u00a0"),
            Expand = true,
        };
    }

    private static Line Title(SearchView view)
    {
        var difficulty = view.Difficulty.Length > 0 ? $"{view.Difficulty} · " : "";
        return new Line().Add(view.Title, Styles.Strong).AddRight(difficulty + Words.Describe(view.Method), Styles.Quiet);
    }

    // In the order of what to keep when there is little room.
    private static IEnumerable<Line> Figures(SearchView view, double elapsed, int width, bool running)
    {
        var spinner = Spinner[(int)(Math.Max(0, elapsed) * 10) % Spinner.Length].ToString();
        var total = Math.Max(1, view.Budget.Rollouts);
        var count = $" {view.Rollouts}/{view.Budget.Rollouts}";
        yield return Bar(Labelled("Rollouts"), (double)view.Rollouts / total, width - LabelWidth - count.Length - 1,
            running ? Styles.Accent : Styles.Good).Add(count, Styles.Strong);

        var best = Labelled("Best");
        yield return view.Best is { } judged
            ? Bar(best, judged.Total == 0 ? 0 : (double)judged.Passed / judged.Total, Math.Clamp(judged.Total * 2, 4, 20),
                    judged.Passed == judged.Total ? Styles.Good : Styles.Middling)
                .Add($" {judged.Passed}/{judged.Total} {Words.Visible(view)} tests", Styles.Strong)
                .Add($" · value {Words.Number(judged.Value, 2)} · node {judged.Node}", Styles.Quiet)
            : best.Add("no program yet", Styles.Quiet);

        var time = view.Budget.Seconds > 0 ? $" of {Words.Time(view.Budget.Seconds)}" : "";
        yield return Labelled("Now").Add(running ? $"{spinner} " : "■ ", Styles.Accent).Add(view.Activity)
            .AddRight($"{Words.Time(elapsed)}{time}", Styles.Quiet);
        yield return Labelled("Tree").Add(
            $"{Words.Count(view.Nodes, "node")} · depth {view.Depth} · {Words.Count(view.Programs, "program")} tried");

        var tokens = view.Budget.Tokens > 0 ? $" of {Words.Count(view.Budget.Tokens)}" : "";
        var line = Labelled("Tokens").Add($"{Words.Count(view.Tokens)}{tokens} · {Words.Number(view.TokensPerSecond, 1)}/s");
        yield return view.CachedShare is { } share
            ? line.Add($" · {Words.Number(share * 100, 0)} % of prompts from the prefix cache", Styles.Quiet)
            : line;
    }

    private static Line Labelled(string label) => new Line().Add($" {label}".PadRight(LabelWidth), Styles.Quiet);

    private static Line Bar(Line line, double share, int width, Style style)
    {
        var cells = Math.Max(1, width);
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * cells);
        return line.Add(new string('━', full), style).Add(new string('─', cells - full), Styles.Quiet);
    }

    private static List<Line> Verdicts(SearchView view, int most) =>
        [.. view.Recent.Take(Math.Max(0, most)).Reverse().Select(judged => new Line()
            .Add($" {Styles.Sign(judged.Verdict)} ", Styles.Of(judged.Verdict))
            .Add($"node {judged.Node,-4} ", Styles.Quiet)
            .Add($"{judged.Passed}/{judged.Total} ", Styles.Strong)
            .Add($"{Words.Describe(judged.Verdict),-13} ", Styles.Of(judged.Verdict))
            .Add(judged.Message, Styles.Quiet)
            .AddRight(judged.Cached ? "cached" : "", Styles.Quiet))];
}
