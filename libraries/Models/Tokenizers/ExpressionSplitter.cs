using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace O1Coder.Models;

/// <summary>
/// Cuts by regular expressions, one after the other: what one matches and what lies between are pieces, which the next cuts
/// further. .NET's expressions see UTF-16 units, so they are given one unit a character: characters beyond U+FFFF are replaced by
/// some below of the same category, by which alone these expressions know them.
/// </summary>
internal sealed partial class ExpressionSplitter(params Regex[] passes) : Splitter
{
    /// <summary>What GPT-2 cuts by.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>What Mistral's Tekken vocabularies cut by.</summary>
    public const string TekkenPattern =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|" +
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|" +
        @"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-2's.</summary>
    public static ExpressionSplitter Gpt2 { get; } = new(Gpt2Expression());

    /// <summary>Tekken's.</summary>
    public static ExpressionSplitter Tekken { get; } = new(TekkenExpression());

    /// <summary>What llama.cpp cuts by where a GGUF file says "default".</summary>
    public static ExpressionSplitter LlamaCppDefault { get; } =
        new(PunctuationExpression(), Gpt2Expression(), NumberExpression(), ThreeDigitsExpression());

    // For each category of characters beyond U+FFFF one below of the same.
    private static readonly Dictionary<UnicodeCategory, char> s_substitutes = BuildSubstitutes();

    /// <inheritdoc />
    public override void Split(ReadOnlySpan<char> text, List<(int Offset, int Length)> pieces)
    {
        var shadow = text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? null : new char[text.Length];
        var length = shadow is null ? text.Length : Substitute(text, shadow);
        var units = shadow is null ? text : shadow.AsSpan(0, length);
        var cut = new List<(int Offset, int Length)> { (0, length) };
        foreach (var pass in passes)
        {
            var finer = new List<(int Offset, int Length)>(cut.Count);
            foreach (var (offset, size) in cut)
            {
                var done = 0;
                foreach (var match in pass.EnumerateMatches(units.Slice(offset, size)))
                {
                    Add(finer, offset + done, match.Index - done);
                    Add(finer, offset + match.Index, match.Length);
                    done = match.Index + match.Length;
                }

                Add(finer, offset + done, size - done);
            }

            cut = finer;
        }

        if (shadow is null)
        {
            pieces.AddRange(cut);
            return;
        }

        // Back to UTF-16: a unit is one unit, or two where the text has a pair.
        var start = 0;
        foreach (var (_, size) in cut)
        {
            var end = start;
            for (var i = 0; i < size; i++)
            {
                end += char.IsHighSurrogate(text[end]) ? 2 : 1;
            }

            pieces.Add((start, end - start));
            start = end;
        }
    }

    private static void Add(List<(int Offset, int Length)> pieces, int offset, int length)
    {
        if (length > 0)
        {
            pieces.Add((offset, length));
        }
    }

    private static int Substitute(ReadOnlySpan<char> text, char[] shadow)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            shadow[length++] = rune.IsBmp ? (char)rune.Value : s_substitutes.GetValueOrDefault(Rune.GetUnicodeCategory(rune), '\uE000');
        }

        return length;
    }

    private static Dictionary<UnicodeCategory, char> BuildSubstitutes()
    {
        // From the end, where no character has a part in an expression by name.
        var substitutes = new Dictionary<UnicodeCategory, char>();
        for (var unit = '\uFFFF'; unit > '\u00FF'; unit--)
        {
            substitutes.TryAdd(CharUnicodeInfo.GetUnicodeCategory(unit), unit);
        }

        return substitutes;
    }

    [GeneratedRegex(Gpt2Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Expression();

    [GeneratedRegex(TekkenPattern, RegexOptions.CultureInvariant)]
    private static partial Regex TekkenExpression();

    [GeneratedRegex(@"[\p{P}\$\+<=>\^~\|]+", RegexOptions.CultureInvariant)]
    private static partial Regex PunctuationExpression();

    [GeneratedRegex(@"\p{N}+", RegexOptions.CultureInvariant)]
    private static partial Regex NumberExpression();

    [GeneratedRegex("[0-9][0-9][0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeDigitsExpression();
}
