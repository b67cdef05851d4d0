using O1Coder.Cli.Display;
using O1Coder.V1;
using Spectre.Console;

namespace O1Coder.Cli.SelfPlay;

/// <summary>The live view on a terminal's second screen, and after it, on the first, what came of it.</summary>
internal sealed class LivePlay(Terminal terminal) : IPlayPresenter
{
    private const int WidestFrame = 120;
    private const int RowsAtEnd = 200;
    private readonly long _began = terminal.Clock.GetTimestamp();
    private readonly FrameWriter _frames = new(terminal.Out);

    private double Elapsed => terminal.Clock.GetElapsedTime(_began).TotalSeconds;

    private int Width => Math.Clamp(terminal.Size().Width - 1, Terminal.LeastWidth, WidestFrame);

    // Events only change the state; the next tick shows them, ten times a second at most.

    /// <inheritdoc/>
    public void Show(PlayView view, PlayResponse response)
    {
    }

    /// <inheritdoc/>
    public void Tick(PlayView view)
    {
        if (view.Started is null)
        {
            return;
        }

        var rows = Math.Max(1, terminal.Size().Height);
        _frames.Draw([.. Rendering.Lines(terminal, new Rows(PlayScreen.Draw(view, Elapsed, Width, rows)), Width).Take(rows)]);
    }

    /// <inheritdoc/>
    public void End(PlayView view, PlayEnding ending)
    {
        _frames.Close();
        if (view.Started is not null)
        {
            terminal.CreateConsole(terminal.Out, Width).Write(new Rows(PlayScreen.Draw(view with { Step = null, Progress = null }, Elapsed, Width, RowsAtEnd)));
        }

        foreach (var line in PlayWords.Report(view, ending))
        {
            terminal.Out.WriteLine(line);
        }

        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Close();
}
