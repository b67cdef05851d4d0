namespace O1Coder.Inference.Cpu;

/// <summary>What is known of some queries while their pages are gone through, in a thread's own memory.</summary>
internal unsafe struct AttentionState
{
    /// <summary>Each query's scores over a page: [queries][16].</summary>
    public float* Scores;

    /// <summary>Each query's sum of values: [queries][head size, filled up].</summary>
    public float* Sums;

    /// <summary>Each query's largest score so far.</summary>
    public float* Largest;

    /// <summary>Each query's sum of e^(score − largest) so far.</summary>
    public float* Totals;

    /// <summary>What each query's sums so far are multiplied by, now that a larger score is known.</summary>
    public float* Scales;

    /// <summary>Where the queries are.</summary>
    public float** Queries;
}
