using O1Coder.Cli.Display;
using O1Coder.V1;
using Spectre.Console;

namespace O1Coder.Cli.SelfPlay;

/// <summary>The live view on a terminal's second screen, and after it, on the first, what came of it.</summary>
internal sealed class LivePlay(Terminal terminal) : IPresenter<PlayView, PlayResponse>
{
    private const int RowsAtEnd = 200;
    private readonly LiveScreen _screen = new(terminal);

    // Events only change the state; the next tick shows them, ten times a second at most.

    /// <inheritdoc/>
    public void Show(PlayView view, PlayResponse response)
    {
    }

    /// <inheritdoc/>
    public void Tick(PlayView view)
    {
        if (view.Started is not null)
        {
            _screen.Draw(new Rows(PlayScreen.Draw(view, _screen.Elapsed, _screen.Width, _screen.Height)));
        }
    }

    /// <inheritdoc/>
    public void End(PlayView view, Ending ending)
    {
        _screen.Close();
        if (view.Started is not null)
        {
            terminal.CreateConsole(terminal.Out, _screen.Width).Write(new Rows(
                PlayScreen.Draw(view with { Step = null, Progress = null }, _screen.Elapsed, _screen.Width, RowsAtEnd)));
        }

        foreach (var line in PlayWords.Report(view, ending))
        {
            terminal.Out.WriteLine(line);
        }

        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _screen.Close();
}
