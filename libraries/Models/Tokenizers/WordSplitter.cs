using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Splits text as Qwen2 does, or as Llama 3 does, whose numbers have up to three digits:
/// <code>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</code>
/// A scanner and not that expression, because .NET's expressions see UTF-16 units: a letter beyond U+FFFF would be two
/// of no category and be split from its word.
/// </summary>
/// <param name="digits">The most digits of one piece.</param>
internal sealed class WordSplitter(int digits) : Splitter
{
    /// <summary>The expression that Qwen2 and Qwen3 have.</summary>
    public const string QwenPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The expression that Llama 3 has.</summary>
    public const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen's.</summary>
    public static WordSplitter Qwen { get; } = new(1);

    /// <summary>Llama 3's.</summary>
    public static WordSplitter Llama3 { get; } = new(3);

    private enum Kind
    {
        Letter,
        Number,
        Newline,
        Space,
        Other,
    }

    /// <inheritdoc />
    public override void Split(ReadOnlySpan<char> text, List<(int Offset, int Length)> pieces)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = PieceLength(text[start..]);
            pieces.Add((start, length));
            start += length;
        }
    }

    private int PieceLength(ReadOnlySpan<char> text)
    {
        var contraction = ContractionLength(text);
        if (contraction > 0)
        {
            return contraction;
        }

        var kind = Classify(text, out var first);
        if (kind == Kind.Letter)
        {
            return first + RunLength(text[first..], Kind.Letter);
        }

        if (kind == Kind.Number)
        {
            var length = first;
            for (var count = 1; count < digits && Classify(text[length..], out var units) == Kind.Number; count++)
            {
                length += units;
            }

            return length;
        }

        if (kind != Kind.Newline && RunLength(text[first..], Kind.Letter) is > 0 and var letters)
        {
            return first + letters;
        }

        var prefix = text[0] == ' ' ? 1 : 0;
        var others = RunLength(text[prefix..], Kind.Other);
        return others > 0
            ? prefix + others + RunLength(text[(prefix + others)..], Kind.Newline)
            : WhitespaceLength(text);
    }

    /// <summary>The last three alternatives; <paramref name="text"/> begins with whitespace.</summary>
    private static int WhitespaceLength(ReadOnlySpan<char> text)
    {
        // Whitespace is never beyond U+FFFF: a unit is a character.
        var end = 0;
        var newline = 0;
        while (end < text.Length && Classify(text[end..], out _) is Kind.Space or Kind.Newline)
        {
            end++;
            newline = text[end - 1] is '\r' or '\n' ? end : newline;
        }

        if (newline > 0)
        {
            return newline;
        }

        // The last space before a word belongs to the word.
        return end == text.Length || end == 1 ? end : end - 1;
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
        {
            return 0;
        }

        return (char.ToLowerInvariant(text[1]), text.Length > 2 ? char.ToLowerInvariant(text[2]) : '\0') switch
        {
            // The long s is an s where case does not count.
            ('s' or '\u017F' or 't' or 'm' or 'd', _) => 2,
            ('r' or 'v', 'e') or ('l', 'l') => 3,
            _ => 0,
        };
    }

    private static int RunLength(ReadOnlySpan<char> text, Kind kind)
    {
        var length = 0;
        while (length < text.Length && Classify(text[length..], out var units) == kind)
        {
            length += units;
        }

        return length;
    }

    private static Kind Classify(ReadOnlySpan<char> text, out int units)
    {
        if (text.IsEmpty)
        {
            units = 0;
            return Kind.Newline;
        }

        if (text[0] < 0x80)
        {
            units = 1;
            return char.IsAsciiLetter(text[0]) ? Kind.Letter
                : char.IsAsciiDigit(text[0]) ? Kind.Number
                : text[0] is '\r' or '\n' ? Kind.Newline
                : char.IsWhiteSpace(text[0]) ? Kind.Space : Kind.Other;
        }

        Rune.DecodeFromUtf16(text, out var rune, out units);
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }
}
