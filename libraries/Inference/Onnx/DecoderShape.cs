namespace O1Coder.Inference.Onnx;

/// <summary>What the graph of a decoder-only transformer depends on.</summary>
internal sealed record DecoderShape
{
    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Inner width of the feed-forward part.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Angles a position of the rotary embedding, one for each pair of a head's elements.</summary>
    public required IReadOnlyList<double> RopeFrequencies { get; init; }

    /// <summary>Added to the mean square in RMS norms.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Positions that the rotary tables cover.</summary>
    public required int Context { get; init; }

    /// <summary>Whether each head's queries and keys are normalised before the rotation.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Tokens that attention sees at most, the last ones; null for all.</summary>
    public int? Window { get; init; }

    /// <summary>Whether keys and values are held, and attended to, in float16.</summary>
    public bool HalfCache { get; init; }

    /// <summary>Rows of the fused query, key and value product.</summary>
    public int QueryKeyValue => (Heads + (2 * KeyValueHeads)) * HeadSize;
}
