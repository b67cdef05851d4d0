using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace O1Coder.Models;

/// <summary>
/// Splits text as Qwen2's pre-tokeniser does:
/// <code>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</code>
/// A scanner and not that expression, because .NET's expressions see UTF-16 units: a letter beyond U+FFFF would be two
/// of no category and be split from its word.
/// </summary>
internal sealed class QwenPreTokenizer : PreTokenizer
{
    /// <summary>The one instance.</summary>
    public static QwenPreTokenizer Instance { get; } = new();

    private enum Kind
    {
        Letter,
        Number,
        Newline,
        Space,
        Other,
    }

    /// <inheritdoc />
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    /// <inheritdoc />
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>();
        for (var start = 0; start < text.Length;)
        {
            var length = PieceLength(text[start..]);
            pieces.Add((start, length));
            start += length;
        }

        return pieces;
    }

    private static int PieceLength(ReadOnlySpan<char> text)
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
            return first;
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
            ('s' or 't' or 'm' or 'd', _) => 2,
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

        Rune.DecodeFromUtf16(text, out var rune, out units);
        if (rune.Value is '\r' or '\n')
        {
            return Kind.Newline;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }
}
