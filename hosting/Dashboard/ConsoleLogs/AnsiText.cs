using System.Text;

namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>
/// Console lines with the control sequences of ECMA-48: colours become spans, whatever else a terminal would do (cursor,
/// titles, links) is left out, and a carriage return starts the line anew, as progress bars want it.
/// </summary>
internal static class AnsiText
{
    private const char Escape = '\u001b';
    private const int MostParameters = 32;

    /// <summary>The text alone.</summary>
    public static string Plain(string line) =>
        line.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 ? line : string.Concat(Parse(line).Select(one => one.Text));

    /// <summary>The stretches of a line. A line's colours end with it.</summary>
    public static List<AnsiSpan> Parse(string line)
    {
        var spans = new List<AnsiSpan>();
        var text = new StringBuilder();
        var style = default(AnsiStyle);
        for (var at = 0; at < line.Length; at++)
        {
            var character = line[at];
            if (character == Escape)
            {
                at = TakeSequence(line, at, spans, text, ref style);
            }
            else if (character == '\r')
            {
                // At the end it belongs to the line's end.
                if (at < line.Length - 1)
                {
                    spans.Clear();
                    text.Clear();
                }
            }
            else if (character == '\t' || !char.IsControl(character))
            {
                text.Append(character);
            }
        }

        Flush(spans, text, style);
        return spans;
    }

    // Gives the place of the sequence's last character.
    private static int TakeSequence(string line, int start, List<AnsiSpan> spans, StringBuilder text, ref AnsiStyle style)
    {
        if (start + 1 >= line.Length)
        {
            return start;
        }

        switch (line[start + 1])
        {
            // "CSI 1;31 m": parameters 0x30–0x3F, intermediates 0x20–0x2F, one final 0x40–0x7E.
            case '[':
                var end = start + 2;
                while (end < line.Length && line[end] is >= '\u0020' and <= '\u003f')
                {
                    end++;
                }

                if (end < line.Length && line[end] == 'm')
                {
                    Flush(spans, text, style);
                    Apply(line.AsSpan(start + 2, end - start - 2), ref style);
                }

                return Math.Min(end, line.Length - 1);

            // "OSC 8;;address ST": ends with BEL or with "ESC \".
            case ']':
                for (var at = start + 2; at < line.Length; at++)
                {
                    if (line[at] == '\u0007')
                    {
                        return at;
                    }

                    if (line[at] == Escape && at + 1 < line.Length && line[at + 1] == '\\')
                    {
                        return at + 1;
                    }
                }

                return line.Length - 1;

            // "ESC ( B": a character set.
            case '(' or ')' when start + 2 < line.Length:
                return start + 2;
            default:
                return start + 1;
        }
    }

    private static void Apply(ReadOnlySpan<char> text, ref AnsiStyle style)
    {
        Span<int> parameters = stackalloc int[MostParameters];
        var count = 0;
        foreach (var range in text.SplitAny(';', ':'))
        {
            if (count == MostParameters)
            {
                break;
            }

            var part = text[range];
            if (part.IsEmpty)
            {
                parameters[count++] = 0;
            }
            else if (int.TryParse(part, out var number))
            {
                parameters[count++] = number;
            }
            else
            {
                // A private sequence such as "?25": none of ours.
                return;
            }
        }

        style.Apply(parameters[..count]);
    }

    private static void Flush(List<AnsiSpan> spans, StringBuilder text, AnsiStyle style)
    {
        if (text.Length > 0)
        {
            spans.Add(new AnsiSpan(text.ToString(), style.Classes, style.Style));
            text.Clear();
        }
    }
}
