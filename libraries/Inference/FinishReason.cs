namespace O1Coder.Inference;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn, or the answer matches the constraint and cannot go on.</summary>
    EndOfTurn,

    /// <summary>A stop string appeared.</summary>
    StopString,

    /// <summary><see cref="SamplingOptions.MaxTokens"/> was reached.</summary>
    MaxTokens,

    /// <summary>The context is full.</summary>
    ContextFull,

    /// <summary>Logit bias and constraint left no token that could be drawn.</summary>
    NoToken,
}
