using Spectre.Console.Rendering;

namespace O1Coder.Cli.Display;

/// <summary>What every live view draws on: the terminal's second screen, at the size that it has now, and the time since it began.</summary>
internal sealed class LiveScreen(Terminal terminal)
{
    private const int WidestFrame = 120;
    private readonly long _began = terminal.Clock.GetTimestamp();
    private readonly FrameWriter _frames = new(terminal.Out);

    /// <summary>Seconds since it began.</summary>
    public double Elapsed => terminal.Clock.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Columns of a picture.</summary>
    public int Width => Math.Clamp(terminal.Size().Width - 1, Terminal.LeastWidth, WidestFrame);

    /// <summary>Rows of a picture at the most.</summary>
    public int Height => Math.Max(1, terminal.Size().Height);

    /// <summary>Replaces the picture before by this one; rows that do not fit are left out.</summary>
    public void Draw(IRenderable picture) => _frames.Draw([.. Rendering.Lines(terminal, picture, Width).Take(Height)]);

    /// <summary>Gives the first screen back; does nothing where it never went.</summary>
    public void Close() => _frames.Close();
}
