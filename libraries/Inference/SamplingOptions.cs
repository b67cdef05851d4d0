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

    /// <summary>Only tokens at least so likely as this times the likeliest, in [0, 1]; 0 is off.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Divides the positive and multiplies the negative logits of tokens that prompt or answer already has (Keskar et al.
    /// 2019, arXiv 1909.05858). In [0.1, 10]; 1 is off, more discourages repetition.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Values in [-100, 100] that are added to tokens' logits, at most 1,024; -100 bans the token.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>What the whole answer must match, or null.</summary>
    public Constraint? Constraint { get; init; }

    /// <summary>So many of the likeliest tokens are told for each position, 0 to 20.</summary>
    public int TopLogProbabilities { get; init; }

    /// <summary>Whether each token's log-probability under the distribution that it was drawn from is told too.</summary>
    public bool SamplingLogProbabilities { get; init; }

    /// <summary>At most so many tokens a sequence, at least 1; those of a forced prefix count.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>
    /// A sequence ends before the first of these in its text; at most 16, none empty. One that lies wholly within a forced
    /// prefix does not count.
    /// </summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Sequence i draws from a random stream made of this and i.</summary>
    public ulong Seed { get; init; }
}
