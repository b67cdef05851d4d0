namespace O1Coder.Learning.Losses;

/// <summary>How the losses l of single tokens become one number; m is the mask, 1 where a token counts.</summary>
public enum LossAggregation
{
    /// <summary>Σ m·l / Σ m over all tokens of all sequences: DAPO, arXiv 2503.14476, equation 8.</summary>
    TokenMean,

    /// <summary>The mean over sequences of Σ m·l.</summary>
    SequenceMeanTokenSum,

    /// <summary>The mean over sequences of Σ m·l / Σ m: GRPO, arXiv 2402.03300, equation 3.</summary>
    SequenceMeanTokenMean,

    /// <summary>
    /// Σ m·l over all tokens, divided by the padded length of a sequence: Dr. GRPO (arXiv 2503.20783) up to the number of
    /// sequences, by which it does not divide.
    /// </summary>
    SequenceMeanTokenSumNorm,
}
