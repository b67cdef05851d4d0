namespace O1Coder.Inference;

/// <summary>How tokens are drawn.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 is greedy. In [0, 5].</summary>
    public float Temperature { get; init; }

    /// <summary>Only the k likeliest tokens; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>Only the likeliest tokens that together reach this probability, in (0, 1]; 1 is off.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>At most so many tokens a sequence, at least 1.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>A sequence ends before the first of these in its text; at most 16, none empty.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Sequence i draws from a random stream made of this and i.</summary>
    public ulong Seed { get; init; }
}
