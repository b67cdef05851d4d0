namespace O1Coder.Learning.Training;

/// <summary>What a run optimises.</summary>
public enum TrainingMethod
{
    /// <summary>Cross-entropy on completions.</summary>
    Sft,

    /// <summary>Direct preference optimisation (arXiv 2305.18290) and its relatives.</summary>
    Dpo,

    /// <summary>Process reward, point-wise, labels of 0 or 1.</summary>
    PrmHard,

    /// <summary>Process reward, point-wise, labels in [0, 1].</summary>
    PrmSoft,

    /// <summary>Process reward, pair-wise (Bradley-Terry).</summary>
    PrmPairs,
}
