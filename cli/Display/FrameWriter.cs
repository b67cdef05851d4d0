using System.Text;

namespace O1Coder.Cli.Display;

/// <summary>
/// Draws one picture after another on a terminal's second screen, each in one write, so that nothing flickers, resizing
/// leaves nothing behind, a stray line of another process is gone with the next picture, and the first screen comes back
/// as it was.
/// </summary>
/// <remarks>
/// Lines must be narrower than the terminal: in the last column "erase to the end of the line" would take the character
/// there. Pictures are bracketed by DEC private mode 2026 (synchronised output), which terminals without it ignore.
/// </remarks>
internal sealed class FrameWriter(TextWriter output)
{
    private const string Escape = "\u001b[";
    private bool _open;

    /// <summary>Replaces the picture before by this one.</summary>
    /// <param name="lines">The lines, styled by escape sequences; no more than the terminal has rows.</param>
    public void Draw(IReadOnlyList<string> lines)
    {
        var frame = new StringBuilder();
        if (!_open)
        {
            // The second screen, without a cursor.
            frame.Append(Escape).Append("?1049h").Append(Escape).Append("?25l");
            _open = true;
        }

        frame.Append(Escape).Append("?2026h").Append(Escape).Append('H')
            .AppendJoin("\r\n", lines.Select(line => line + Escape + "K"))
            .Append(Escape).Append('J').Append(Escape).Append("?2026l");
        output.Write(frame.ToString());
        output.Flush();
    }

    /// <summary>Gives the first screen and the cursor back; does nothing where they never went.</summary>
    public void Close()
    {
        if (_open)
        {
            output.Write($"{Escape}?25h{Escape}?1049l");
            output.Flush();
            _open = false;
        }
    }
}
