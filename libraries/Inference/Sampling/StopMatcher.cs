using System.Text;

namespace O1Coder.Inference.Sampling;

/// <summary>
/// Turns the bytes of tokens into text that is certain: whole characters, and nothing that may still become a stop
/// string. The stop string that is complete first ends the text; of several that end together, the longest. How bytes
/// are cut into tokens makes no difference.
/// </summary>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();
    private int _certain;
    private int _searched;
    private char[] _characters = new char[64];

    /// <summary>The stop string that was found, or null.</summary>
    public string? Found { get; private set; }

    /// <summary>All text so far; after the end without the stop string.</summary>
    public string Text => _text.ToString();

    /// <summary>Adds a token's bytes and returns what has become certain.</summary>
    public string Add(ReadOnlySpan<byte> bytes)
    {
        Decode(bytes, flush: false);
        for (; Found is null && _searched < _text.Length; _searched++)
        {
            Match(_searched + 1);
        }

        return Found is null ? Take(_text.Length - Undecided()) : Take(_text.Length);
    }

    /// <summary>
    /// Adds bytes that the caller chose and returns what has become certain. No stop string is found that ends within them;
    /// one that they begin may end in what comes after.
    /// </summary>
    public string AddForced(ReadOnlySpan<byte> bytes)
    {
        Decode(bytes, flush: false);
        _searched = _text.Length;
        return Take(_text.Length - Undecided());
    }

    /// <summary>Ends the text and returns the rest; bytes that are no whole character become U+FFFD.</summary>
    public string Finish()
    {
        if (Found is null)
        {
            Decode([], flush: true);
        }

        return Take(_text.Length);
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var length = _decoder.GetCharCount(bytes, flush);
        if (length > _characters.Length)
        {
            _characters = new char[length];
        }

        length = _decoder.GetChars(bytes, _characters, flush);
        _text.Append(_characters, 0, length);
    }

    // Whether a stop string ends at this length of the text; it begins in text that was never given out, for what may
    // become a stop string is held back.
    private void Match(int length)
    {
        foreach (var stop in stops)
        {
            if (stop.Length > (Found?.Length ?? 0) && EndsWith(stop.AsSpan(), length))
            {
                Found = stop;
            }
        }

        if (Found is not null)
        {
            _text.Length = length - Found.Length;
        }
    }

    // The longest end of the text that begins a stop string.
    private int Undecided()
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, _text.Length - _certain); length > longest; length--)
            {
                if (EndsWith(stop.AsSpan(0, length), _text.Length))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }

    private bool EndsWith(ReadOnlySpan<char> end, int length)
    {
        if (end.Length > length)
        {
            return false;
        }

        for (var i = 0; i < end.Length; i++)
        {
            if (_text[length - end.Length + i] != end[i])
            {
                return false;
            }
        }

        return true;
    }

    private string Take(int end)
    {
        if (end <= _certain)
        {
            return "";
        }

        var taken = _text.ToString(_certain, end - _certain);
        _certain = end;
        return taken;
    }
}
