namespace O1Coder.Inference.Backends;

/// <summary>A sequence whose keys and values a back end holds. Made, forked and closed only by the back end.</summary>
internal sealed class KvSequence
{
    /// <summary>The row of the back end's buffers that holds the sequence; the back end may move it.</summary>
    public int Row { get; set; }

    /// <summary>The adapter that computes it, or null.</summary>
    public BackendAdapter? Adapter { get; init; }

    /// <summary>Tokens whose keys and values are held.</summary>
    public int Length { get; set; }
}
