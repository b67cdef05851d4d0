using System.Runtime.InteropServices;
using System.Text;

namespace O1Coder.Models;

/// <summary>A byte-pair vocabulary: what a piece's first symbols are, and which of them make another. Safe for concurrent callers.</summary>
internal sealed class BpeVocabulary
{
    private const int None = -1;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string[] _parts;
    private readonly PieceMerger _merger;
    private readonly PieceCache _cache = new();
    private readonly int[] _letters;
    private readonly int[] _bytes;
    private readonly int _longest;

    /// <summary>Makes a vocabulary.</summary>
    /// <param name="ids">
    /// The ids of tokens, below <paramref name="tokens"/>, and from there on those of characters that are no tokens but parts of
    /// some.
    /// </param>
    /// <param name="tokens">How many ids are tokens'.</param>
    /// <param name="merges">As <see cref="PieceMerger"/> takes them.</param>
    /// <param name="byteLevel">Whether pieces are taken by bytes, each a letter of <see cref="ByteLevelAlphabet"/>, or by characters.</param>
    public BpeVocabulary(Dictionary<string, int> ids, int tokens, Dictionary<ulong, ulong> merges, bool byteLevel)
    {
        _ids = ids;
        _lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _parts = new string[ids.Count == 0 ? 0 : Math.Max(0, ids.Values.Max() + 1 - tokens)];
        foreach (var (text, id) in ids.Where(entry => entry.Value >= tokens))
        {
            _parts[id - tokens] = text;
        }

        TokenCount = tokens;
        ByteLevel = byteLevel;
        _merger = new PieceMerger(merges);
        _longest = ids.Keys.Select(token => token.Length).DefaultIfEmpty().Max();
        _letters = [.. Enumerable.Range(0, 256).Select(value => ids.GetValueOrDefault(ByteLevelAlphabet.Encode((byte)value), None))];
        _bytes = [.. Enumerable.Range(0, 256).Select(value => ids.GetValueOrDefault($"<0x{value:X2}>", None))];
    }

    /// <summary>Ids below this are tokens'.</summary>
    public int TokenCount { get; }

    /// <summary>Whether pieces are taken by bytes.</summary>
    public bool ByteLevel { get; }

    /// <summary>Whether a piece that is a token becomes it whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Whether characters without a token become the tokens of their bytes, such as <c>&lt;0x0A&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>The token of what has none, or null: then it is left out.</summary>
    public int? Unknown { get; init; }

    /// <summary>Whether unknown characters in a row become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Adds the tokens of a piece.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_cache.Find(piece) is { } known)
        {
            ids.AddRange(known);
            return;
        }

        var start = ids.Count;
        if (IgnoreMerges && FindWhole(piece) is not None and var whole)
        {
            ids.Add(whole);
        }
        else
        {
            var symbols = CollectionsMarshal.AsSpan(Symbols(piece));
            foreach (var symbol in symbols[.._merger.Merge(symbols)])
            {
                if (symbol < TokenCount)
                {
                    ids.Add(symbol);
                }
                else
                {
                    AddWithoutToken(_parts[symbol - TokenCount], ids);
                }
            }
        }

        _cache.Add(piece, CollectionsMarshal.AsSpan(ids)[start..]);
    }

    private int FindWhole(ReadOnlySpan<char> piece)
    {
        // A token's text is at least as long as the characters that it stands for.
        if (piece.Length > _longest)
        {
            return None;
        }

        var found = ByteLevel ? _ids.GetValueOrDefault(ByteLevelAlphabet.Encode(piece), None)
            : _lookup.TryGetValue(piece, out var id) ? id : None;
        return found < TokenCount ? found : None;
    }

    private List<int> Symbols(ReadOnlySpan<char> piece)
    {
        var symbols = new List<int>(piece.Length);
        int? pending = null;
        if (ByteLevel)
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (var rune in piece.EnumerateRunes())
            {
                foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    Add(_letters[value]);
                }
            }
        }
        else
        {
            Span<char> units = stackalloc char[2];
            foreach (var rune in piece.EnumerateRunes())
            {
                var character = units[..rune.EncodeToUtf16(units)];
                if (_lookup.TryGetValue(character, out var id))
                {
                    Add(id);
                }
                else if (!ByteFallback || !AddBytes(rune, symbols))
                {
                    Add(None);
                }
            }
        }

        if (pending is { } last)
        {
            symbols.Add(last);
        }

        return symbols;

        // An unknown token is held back until what follows is known, for more of them may become one with it.
        void Add(int symbol)
        {
            if (pending is { } held && (symbol != None || !FuseUnknown))
            {
                symbols.Add(held);
                pending = null;
            }

            if (symbol == None)
            {
                pending = Unknown;
            }
            else
            {
                symbols.Add(symbol);
            }
        }
    }

    /// <summary>Adds the tokens of a character's bytes if every byte has one.</summary>
    private bool AddBytes(Rune rune, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (var value in bytes)
        {
            if (_bytes[value] == None)
            {
                return false;
            }
        }

        foreach (var value in bytes)
        {
            ids.Add(_bytes[value]);
        }

        return true;
    }

    private void AddWithoutToken(string character, List<int> ids)
    {
        if ((!ByteFallback || !AddBytes(Rune.GetRuneAt(character, 0), ids)) && Unknown is { } unknown)
        {
            ids.Add(unknown);
        }
    }
}
