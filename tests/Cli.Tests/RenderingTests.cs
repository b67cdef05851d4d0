using System.Globalization;
using System.Text.RegularExpressions;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;
using O1Coder.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace O1Coder.Cli.Tests;

public sealed partial class RenderingTests
{
    private const string Hostile = "[red]x[/] [bold \u001b[2J\u001b]0;owned\u0007 \u009b31m \u202e evil \t tab \ud83d\ude00 漢字漢字 [/]]";

    private static readonly SolveResponse[] s_hostile =
    [
        Events.Started(),
        Events.Node(1, 0, StepAction.DefineStructure, 1, Hostile + "\n" + new string('w', 500)),
        Events.Node(2, 1, StepAction.Refine, 2, "\n\n**" + Hostile),
        Events.Node(3, 2, StepAction.Code, 3, Hostile),
        Events.Judged(3, 1, 2, Verdict.WrongAnswer, Hostile + new string('漢', 200), "print('" + Hostile + "')\n" + new string('z', 300)),
        Events.Rollout(1, 0.5, 0, 1, 2, 3),
        new() { Progress = new SearchProgress { Activity = Hostile, Rollouts = 1, GeneratedTokens = long.MaxValue, TokensPerSecond = 1e9 } },
    ];

    public static TheoryData<int, int> Sizes => new()
    {
        { 80, 24 }, { 120, 40 }, { 40, 10 }, { 79, 5 }, { 60, 1 }, { 200, 60 }, { 40, 3 }, { 20, 30 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_state_of_a_search_fits_the_terminal(int width, int rows)
    {
        foreach (var script in new[] { Events.Search(Outcome.Solved), Events.Search(Outcome.BudgetSpent), s_hostile })
        {
            var view = SearchViewTests.Empty with { Title = Hostile };
            foreach (var response in script)
            {
                view = view.Apply(response);
                var lines = Render(SearchScreen.Draw(view, 12.3, width, rows), width);
                Assert.InRange(lines.Length, 1, rows);
                Check(lines, width);
            }
        }
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void The_result_fits_the_terminal(int width)
    {
        foreach (var ending in new[] { Ending.Of(Outcome.Solved), Ending.Of(Outcome.BudgetSpent), Ending.Of(Outcome.HiddenTestsFailed), Ending.Cancelled, Ending.Failed("x") })
        {
            var view = SearchViewTests.After(s_hostile);
            using var text = new StringWriter();
            ResultScreen.Write(CreateTerminal(width).CreateConsole(text, width), view, ending);
            Check(text.ToString().TrimEnd('\n').Split('\n'), width);
        }
    }

    [Fact]
    public void A_long_place_stays_on_one_line_to_be_copied()
    {
        var view = SearchViewTests.After(Events.Search(Outcome.BudgetSpent)) with { Finished = null, Folder = "/runs/" + new string('x', 200) };
        using var text = new StringWriter();
        ResultScreen.Write(CreateTerminal(80).CreateConsole(text, 80), view, Ending.Cancelled);
        Assert.Contains($"  log   {view.Folder}\n", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Markup_of_others_is_text()
    {
        var text = string.Join('\n', Render(SearchScreen.Draw(SearchViewTests.After(s_hostile), 0, 120, 40), 120));
        Assert.Contains("[red]x[/]", text, StringComparison.Ordinal);
        Assert.Contains("␛[2J", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_there_on_a_terminal_and_gone_with_NO_COLOR()
    {
        var view = SearchViewTests.After(Events.Search(Outcome.Solved));
        Assert.Contains("\u001b[36m", Write(new Session { Interactive = true }, view), StringComparison.Ordinal);

        var without = Write(new Session { Interactive = true, Variables = { ["NO_COLOR"] = "1" } }, view);
        Assert.DoesNotMatch(ColorSequence(), without);
        Assert.DoesNotContain('\u001b', Write(new Session(), view));

        static string Write(Session session, SearchView view) =>
            string.Join('\n', Rendering.Lines(session.CreateTerminal(), SearchScreen.Draw(view, 1, 79, 24), 79));
    }

    [Fact]
    public void The_picture_shows_what_a_person_asks()
    {
        var text = string.Join('\n', Render(SearchScreen.Draw(SearchViewTests.After(Events.Search(Outcome.Solved)), 65, 79, 24), 79));
        foreach (var expected in new[]
        {
            "Add two numbers", "trivial · tree search (o1-coder)", "tiny-coder", "seed 7", " 2/4", "2/2 visible tests", "4 nodes · depth 2 · 2 programs tried",
            "120 · 61.5/s · 80 % of prompts from the prefix cache", "1:05", "✗ node 2    1/2 wrong answer  add(1, 2): expected 3, got 2",
            "└─ structure N 2   Q 0.78  Step 1: one function", "└─ code      N 1   Q 1.00  ✓ 2/2 accepted",
        })
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_listing_keeps_every_line_of_the_program_under_its_number()
    {
        var lines = Render(PythonListing.Of("x = \"\"\"a # b\nc\"\"\"  # d\nprint('\\'', f\"{x!r}\", 1e-5)\n"), 60);
        Assert.Equal(["1  x = \"\"\"a # b", "2  c\"\"\"  # d", "3  print('\\'', f\"{x!r}\", 1e-5)"], lines.Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task The_live_view_opens_a_second_screen_closes_it_and_leaves_the_result()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        await using var search = await ScriptedSearch.StartAsync(async (stream, cancellationToken) =>
        {
            foreach (var response in s_hostile)
            {
                await stream.WriteAsync(response, cancellationToken);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var session = new Session { Interactive = true };
        var run = session.RunAsync(search.Address, cancellation.Token, "solve", folder.ProblemFile);
        await session.WaitForOutAsync("node 3").WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        session.Size = (50, 12);
        cancellation.Cancel();
        Assert.Equal(ExitCodes.Cancelled, await run.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));

        var opened = session.Out.IndexOf("\u001b[?1049h", StringComparison.Ordinal);
        var closed = session.Out.IndexOf("\u001b[?25h\u001b[?1049l", StringComparison.Ordinal);
        Assert.InRange(opened, 0, closed);
        Assert.Contains("Cancelled after 1 rollout", session.Out[closed..], StringComparison.Ordinal);
        Assert.Contains("runs/20260101-000000-add", session.Out[closed..], StringComparison.Ordinal);

        // Of escape sequences only our own: no title set, no screen cleared.
        Assert.DoesNotContain("\u001b]", session.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", session.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u009b', session.Out);
    }

    private static Terminal CreateTerminal(int width) => new Session { Size = (width, 24) }.CreateTerminal();

    private static string[] Render(IRenderable picture, int width) => [.. Rendering.Lines(CreateTerminal(width), picture, width)];

    private static void Check(IEnumerable<string> lines, int width) => Assert.All(lines, line =>
    {
        Assert.True(new Segment(line).CellCount() <= width, $"wider than {width}: {line}");
        Assert.DoesNotContain(line, character => char.IsControl(character)
            || char.GetUnicodeCategory(character) == UnicodeCategory.Format);
    });

    [GeneratedRegex(@"\u001b\[[0-9;]*(3[0-7]|9[0-7]|38;)[0-9;]*m")]
    private static partial Regex ColorSequence();
}
