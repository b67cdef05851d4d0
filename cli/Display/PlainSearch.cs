using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>
/// A log that reads well in a file: a line when the search starts, one a judged program, at most one line of progress
/// every few seconds, and the result.
/// </summary>
internal sealed class PlainSearch(Terminal terminal, TextWriter output) : IPresenter<SearchView, SolveResponse>
{
    private const int LongestMessage = 100;
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(5);
    private readonly long _began = terminal.Clock.GetTimestamp();
    private string _lastActivity = "";
    private long _lastProgress = terminal.Clock.GetTimestamp();

    /// <inheritdoc/>
    public void Show(SearchView view, SolveResponse response)
    {
        switch (response.EventCase)
        {
            case SolveResponse.EventOneofCase.Started:
                Write($"{Label(view)}: {Words.Describe(view.Method)}, {Words.Count(view.Budget.Rollouts, "rollout")}, seed {view.Seed}, "
                    + $"{view.VisibleTests} {Words.Visible(view)} and {view.HiddenTests} hidden tests");
                Write($"model {TerminalText.OneLine(view.Weights)}, log in {TerminalText.OneLine(view.Folder)}");
                foreach (var test in view.GeneratedTests)
                {
                    Write($"test: {Words.Describe(test)}");
                }

                break;
            case SolveResponse.EventOneofCase.ProgramJudged:
                Write(Describe(view.Recent[0], Words.Visible(view)));
                break;
            case SolveResponse.EventOneofCase.Progress when !view.HasStarted:
                if (view.Activity != _lastActivity)
                {
                    _lastActivity = view.Activity;
                    Write(TerminalText.OneLine(view.Activity, LongestMessage));
                }

                break;
            case SolveResponse.EventOneofCase.Progress
                when terminal.Clock.GetElapsedTime(_lastProgress) >= s_progressEvery:
                _lastProgress = terminal.Clock.GetTimestamp();
                Write($"rollout {view.Rollouts}/{view.Budget.Rollouts}, best {Best(view)}, {Words.Count(view.Nodes, "node")}, "
                    + $"depth {view.Depth}, {Words.Count(view.Tokens, "token")}, {Words.Number(view.TokensPerSecond, 1)} tokens/s, "
                    + TerminalText.OneLine(view.Activity, LongestMessage));
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public void Tick(SearchView view)
    {
    }

    /// <inheritdoc/>
    public void End(SearchView view, Ending ending)
    {
        if (ending.Error is not null && !view.HasStarted)
        {
            return;
        }

        if (view.Program.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(TerminalText.Clean(view.Program).TrimEnd());
            output.WriteLine();
        }

        foreach (var line in FinalReport.Lines(view, ending))
        {
            output.WriteLine(line);
        }

        output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string Label(SearchView view) =>
        view.Difficulty.Length == 0 ? TerminalText.OneLine(view.Title) : $"{TerminalText.OneLine(view.Title)} ({view.Difficulty})";

    private static string Best(SearchView view) =>
        view.Best is { } best ? $"{best.Passed}/{best.Total}" : "none";

    private static string Describe(JudgedProgram judged, string visible)
    {
        var line = $"node {judged.Node}: {Words.Describe(judged.Verdict)}, {judged.Passed}/{judged.Total} {visible} tests"
            + (judged.Cached ? " (cached)" : "");
        return judged.Message.Length == 0 ? line : $"{line}: {TerminalText.OneLine(judged.Message, LongestMessage)}";
    }

    private void Write(string line)
    {
        var seconds = terminal.Clock.GetElapsedTime(_began).TotalSeconds;
        output.WriteLine($"[{Words.Number(seconds, 1),6} s] {line}");
        output.Flush();
    }
}
