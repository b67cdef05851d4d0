using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>The live view on a terminal's second screen, and after it, on the first, how it all came out.</summary>
internal sealed class LivePresenter(Terminal terminal) : IPresenter
{
    private const int WidestFrame = 120;
    private const int RowsAtEnd = 30;
    private readonly long _began = terminal.Clock.GetTimestamp();
    private readonly FrameWriter _frames = new(terminal.Out);

    private double Elapsed => terminal.Clock.GetElapsedTime(_began).TotalSeconds;

    private int Width => Math.Clamp(terminal.Size().Width - 1, Terminal.LeastWidth, WidestFrame);

    // Nothing yet: a call that is refused at once should not make the screen flash.
    public void Begin(SearchView view)
    {
    }

    // Events only change the state; the next tick shows them, ten times a second at most.
    public void Show(SearchView view, SolveResponse response)
    {
    }

    public void Tick(SearchView view)
    {
        var width = Width;
        var rows = Math.Max(1, terminal.Size().Height);
        var lines = Rendering.Lines(terminal, SearchScreen.Draw(view, Elapsed, width, rows), width);
        _frames.Draw([.. lines.Take(rows)]);
    }

    public void End(SearchView view, Ending ending)
    {
        _frames.Close();
        if (ending.Error is not null && !view.HasStarted)
        {
            return;
        }

        var console = terminal.CreateConsole(terminal.Out, Width);
        var last = view.Finished is null ? view with { Activity = ending.Outcome == "cancelled" ? "cancelled" : "failed" } : view;
        console.Write(SearchScreen.Draw(last, Elapsed, Width, RowsAtEnd, running: false));
        ResultScreen.Write(console, view, ending);
        terminal.Out.Flush();
    }

    public void Dispose() => _frames.Close();
}
