namespace O1Coder.Inference;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn.</summary>
    EndOfTurn,

    /// <summary>A stop string appeared.</summary>
    StopString,

    /// <summary><see cref="SamplingOptions.MaxTokens"/> was reached.</summary>
    MaxTokens,

    /// <summary>The context is full.</summary>
    ContextFull,
}
