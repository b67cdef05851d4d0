namespace O1Coder.Learning.Training;

/// <summary>The preference loss; δ is the margin of a pair, in nats.</summary>
public enum PreferenceLossKind
{
    /// <summary>−log σ(β δ): DPO, arXiv 2305.18290, equation 7.</summary>
    Sigmoid,

    /// <summary>(δ − 1/(2β))²: IPO, arXiv 2310.12036, equation 17.</summary>
    Ipo,

    /// <summary>max(0, 1 − β δ): the hinge of SLiC (arXiv 2305.10425) on DPO's margin.</summary>
    Hinge,
}
