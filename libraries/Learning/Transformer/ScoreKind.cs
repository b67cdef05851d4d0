namespace O1Coder.Learning.Transformer;

/// <summary>What is read at a place of a row.</summary>
internal enum ScoreKind
{
    /// <summary>The log-probability of the token after it.</summary>
    NextToken,

    /// <summary>The logit of the positive label minus that of the negative one.</summary>
    Labels,
}
