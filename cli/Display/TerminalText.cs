using System.Globalization;
using System.Text;

namespace O1Coder.Cli.Display;

/// <summary>
/// Makes text that nobody vouches for (a model's program, a program's output) safe to show: what a terminal would obey
/// becomes a visible stand-in.
/// </summary>
internal static class TerminalText
{
    private const string Tab = "    ";

    /// <summary>
    /// Keeps line ends, widens tabs, and replaces every control, format (bidirectional overrides among them, with which
    /// code can be made to read other than it runs) and unpaired surrogate character.
    /// </summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                clean.Append('\n');
            }
            else if (rune.Value == '\t')
            {
                clean.Append(Tab);
            }
            else if (rune.Value < 0x20)
            {
                clean.Append((char)(0x2400 + rune.Value));
            }
            else
            {
                clean.Append(IsSafe(rune) ? rune.ToString() : "\uFFFD");
            }
        }

        return clean.ToString();
    }

    /// <summary><see cref="Clean"/>, with line ends shown as spaces.</summary>
    public static string OneLine(string text, bool trim = true) => Clean(trim ? text.Trim() : text).Replace('\n', ' ');

    /// <summary><see cref="OneLine(string, bool)"/>, cut to so many characters with an ellipsis.</summary>
    public static string OneLine(string text, int most)
    {
        var line = OneLine(text);
        if (line.Length <= most)
        {
            return line;
        }

        // Never between the halves of a surrogate pair.
        var end = Math.Max(0, most - 1);
        end -= end > 0 && char.IsHighSurrogate(line[end - 1]) ? 1 : 0;
        return string.Concat(line.AsSpan(0, end).TrimEnd(), "…");
    }

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
