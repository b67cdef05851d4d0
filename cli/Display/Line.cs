using Spectre.Console;
using Spectre.Console.Rendering;

namespace O1Coder.Cli.Display;

/// <summary>
/// One line of the screen: text on the left, perhaps some on the right, never wider than the console and never wrapped.
/// What does not fit ends in an ellipsis. Text is shown as it is, without markup, and cleaned of control characters.
/// </summary>
internal sealed class Line : IRenderable
{
    private readonly List<Segment> _left = [];
    private readonly List<Segment> _right = [];

    /// <summary>Appends text on the left.</summary>
    public Line Add(string text, Style? style = null)
    {
        _left.Add(new Segment(TerminalText.OneLine(text, trim: false), style ?? Style.Plain));
        return this;
    }

    /// <summary>Appends text on the right; it gives way when the left needs the room.</summary>
    public Line AddRight(string text, Style? style = null)
    {
        _right.Add(new Segment(TerminalText.OneLine(text, trim: false), style ?? Style.Plain));
        return this;
    }

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth)
    {
        var width = Math.Min(maxWidth, Segment.CellCount(_left) + (_right.Count > 0 ? Segment.CellCount(_right) + 1 : 0));
        return new Measurement(Math.Min(1, maxWidth), width);
    }

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var left = Segment.CellCount(_left);
        var right = Segment.CellCount(_right);
        if (left > maxWidth)
        {
            return [.. Cut(_left, maxWidth - 1), Segment.LineBreak];
        }

        return right > 0 && left + 1 + right <= maxWidth
            ? [.. _left, Segment.Padding(maxWidth - left - right), .. _right, Segment.LineBreak]
            : [.. _left, Segment.LineBreak];
    }

    // Segment.Truncate leaves out the whole segment that does not fit; here its beginning is kept.
    private static IEnumerable<Segment> Cut(IEnumerable<Segment> segments, int width)
    {
        foreach (var segment in segments)
        {
            var cells = segment.CellCount();
            if (cells > width)
            {
                var kept = width > 0 ? segment.Split(width).First.Text.TrimEnd() : "";
                yield return new Segment(kept + "…", segment.Style);
                yield break;
            }

            width -= cells;
            yield return segment;
        }
    }
}
