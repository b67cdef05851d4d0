namespace O1Coder.Inference.Sampling;

/// <summary>The tokens of a prompt and an answer, each once; the repetition penalty falls on them.</summary>
internal sealed class SeenTokens
{
    private readonly ulong[] _bits;
    private readonly List<int> _tokens;

    /// <summary>The tokens of a prompt.</summary>
    public SeenTokens(ReadOnlySpan<int> prompt, int vocabulary)
    {
        _bits = new ulong[(vocabulary + 63) / 64];
        _tokens = [];
        foreach (var token in prompt)
        {
            Add(token);
        }
    }

    /// <summary>A copy, which grows by itself.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="room">Tokens to make room for beside those.</param>
    public SeenTokens(SeenTokens source, int room)
    {
        _bits = [.. source._bits];
        _tokens = new List<int>(source._tokens.Count + room);
        _tokens.AddRange(source._tokens);
    }

    /// <summary>Every token once.</summary>
    public ReadOnlySpan<int> Tokens => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Adds a token.</summary>
    public void Add(int token)
    {
        var bit = 1UL << (token & 63);
        if ((_bits[token >> 6] & bit) == 0)
        {
            _bits[token >> 6] |= bit;
            _tokens.Add(token);
        }
    }
}
