using System.Buffers;
using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>Finds added tokens in a text: the leftmost first, of those that begin at one place the longest.</summary>
internal sealed class AddedTokens
{
    private readonly SearchValues<string> _contents;
    private readonly Dictionary<char, AddedToken[]> _longestFirst;

    /// <summary>Takes the tokens; of one content the last counts.</summary>
    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            byContent[token.Content] = token;
        }

        _contents = SearchValues.Create([.. byContent.Keys], StringComparison.Ordinal);
        _longestFirst = byContent.Values.GroupBy(token => token.Content[0]).ToDictionary(
            group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        IsEmpty = byContent.Count == 0;
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty { get; }

    /// <summary>
    /// Cuts a text: stretches without a token, empty ones left out, and between them tokens with the whitespace that they take.
    /// </summary>
    public List<(int Start, int End, AddedToken? Token)> Cut(ReadOnlySpan<char> text)
    {
        var cuts = new List<(int Start, int End, AddedToken? Token)>();
        var done = 0;
        for (var from = 0; !IsEmpty && text[from..].IndexOfAny(_contents) is >= 0 and var place;)
        {
            var (start, token) = (from + place, LongestAt(text[(from + place)..]));
            var end = start + token.Content.Length;
            from = end;
            if (token.SingleWord && (EndsWithWord(text[..start]) || BeginsWithWord(text[end..])))
            {
                continue;
            }

            start = token.TakesLeft ? Math.Max(done, text[..start].TrimEnd().Length) : start;
            end = token.TakesRight ? text.Length - text[end..].TrimStart().Length : end;
            if (start > done)
            {
                cuts.Add((done, start, null));
            }

            cuts.Add((start, end, token));
            (done, from) = (end, Math.Max(from, end));
        }

        if (done < text.Length)
        {
            cuts.Add((done, text.Length, null));
        }

        return cuts;
    }

    private AddedToken LongestAt(ReadOnlySpan<char> text)
    {
        foreach (var token in _longestFirst[text[0]])
        {
            if (text.StartsWith(token.Content, StringComparison.Ordinal))
            {
                return token;
            }
        }

        throw new InvalidOperationException("an added token was found where none is");
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool BeginsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or
        UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
