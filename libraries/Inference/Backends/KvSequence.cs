namespace O1Coder.Inference.Backends;

/// <summary>A sequence whose keys and values a back end holds. Made, forked and closed only by the back end.</summary>
internal class KvSequence
{
    /// <summary>The adapter that computes it, or null.</summary>
    public BackendAdapter? Adapter { get; init; }

    /// <summary>Tokens whose keys and values are held.</summary>
    public int Length { get; set; }
}
