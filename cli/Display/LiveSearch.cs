using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>The live view on a terminal's second screen, and after it, on the first, how it all came out.</summary>
internal sealed class LiveSearch(Terminal terminal) : IPresenter<SearchView, SolveResponse>
{
    private const int RowsAtEnd = 30;
    private readonly LiveScreen _screen = new(terminal);

    // Events only change the state; the next tick shows them, ten times a second at most.

    /// <inheritdoc/>
    public void Show(SearchView view, SolveResponse response)
    {
    }

    /// <inheritdoc/>
    public void Tick(SearchView view) =>
        _screen.Draw(SearchScreen.Draw(view, _screen.Elapsed, _screen.Width, _screen.Height));

    /// <inheritdoc/>
    public void End(SearchView view, Ending ending)
    {
        _screen.Close();
        if (ending.Error is not null && !view.HasStarted)
        {
            return;
        }

        var console = terminal.CreateConsole(terminal.Out, _screen.Width);
        var last = view.Finished is null ? view with { Activity = ending.Outcome == "cancelled" ? "cancelled" : "failed" } : view;
        console.Write(SearchScreen.Draw(last, _screen.Elapsed, _screen.Width, RowsAtEnd, running: false));
        ResultScreen.Write(console, view, ending);
        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _screen.Close();
}
