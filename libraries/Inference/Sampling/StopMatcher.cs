using System.Text;

namespace O1Coder.Inference.Sampling;

/// <summary>
/// Turns the bytes of tokens into text that is certain: whole characters, and nothing that may still become a stop
/// string. The stop string that is complete first ends the text; of several that end together, the longest. How bytes
/// are cut into tokens makes no difference. It allocates only where its text outgrows the room it has, which doubles.
/// </summary>
/// <param name="stops">The stop strings.</param>
/// <param name="characters">Characters of text to make room for.</param>
internal sealed class StopMatcher(IReadOnlyList<string> stops, int characters = 64)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _text = new char[characters];
    private int _length;
    private int _certain;
    private int _searched;

    /// <summary>The stop string that was found, or null.</summary>
    public string? Found { get; private set; }

    /// <summary>All text so far; after the end without the stop string.</summary>
    public string Text => new(_text, 0, _length);

    /// <summary>Adds a token's bytes and returns what has become certain, valid until the next call.</summary>
    public ReadOnlySpan<char> Add(ReadOnlySpan<byte> bytes)
    {
        Decode(bytes, flush: false);
        for (; Found is null && _searched < _length; _searched++)
        {
            Match(_searched + 1);
        }

        return Found is null ? Take(_length - Undecided()) : Take(_length);
    }

    /// <summary>
    /// Adds bytes that the caller chose and returns what has become certain, likewise. No stop string is found that ends
    /// within them; one that they begin may end in what comes after.
    /// </summary>
    public ReadOnlySpan<char> AddForced(ReadOnlySpan<byte> bytes)
    {
        Decode(bytes, flush: false);
        _searched = _length;
        return Take(_length - Undecided());
    }

    /// <summary>Ends the text and returns the rest, likewise; bytes that are no whole character become U+FFFD.</summary>
    public ReadOnlySpan<char> Finish()
    {
        if (Found is null)
        {
            Decode([], flush: true);
        }

        return Take(_length);
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var count = _decoder.GetCharCount(bytes, flush);
        if (_length + count > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + count));
        }

        _length += _decoder.GetChars(bytes, _text.AsSpan(_length), flush);
    }

    // Whether a stop string ends at this length of the text; it begins in text that was never given out, for what may
    // become a stop string is held back.
    private void Match(int length)
    {
        for (var i = 0; i < stops.Count; i++)
        {
            if (stops[i].Length > (Found?.Length ?? 0) && _text.AsSpan(0, length).EndsWith(stops[i]))
            {
                Found = stops[i];
            }
        }

        if (Found is not null)
        {
            _length = length - Found.Length;
        }
    }

    // The longest end of the text that begins a stop string.
    private int Undecided()
    {
        var longest = 0;
        for (var i = 0; i < stops.Count; i++)
        {
            for (var length = Math.Min(stops[i].Length - 1, _length - _certain); length > longest; length--)
            {
                if (_text.AsSpan(0, _length).EndsWith(stops[i].AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }

    private ReadOnlySpan<char> Take(int end)
    {
        if (end <= _certain)
        {
            return [];
        }

        var taken = _text.AsSpan(_certain, end - _certain);
        _certain = end;
        return taken;
    }
}
