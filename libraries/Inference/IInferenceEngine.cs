namespace O1Coder.Inference;

/// <summary>
/// Continues and scores token sequences with one model. Safe for concurrent callers: their sequences share batches and
/// the prefix cache. Disposing ends what runs.
/// </summary>
public interface IInferenceEngine : IAsyncDisposable
{
    /// <summary>The model and how it is run.</summary>
    EngineDescription Description { get; }

    /// <summary>
    /// Continues a prompt in <see cref="GenerationRequest.Sequences"/> ways. Yields one <see cref="PromptAccepted"/>,
    /// then <see cref="SequenceChunk"/>s, one <see cref="SequenceFinished"/> a sequence, and one
    /// <see cref="GenerationUsage"/> at the end. The same request gives the same tokens, alone or beside others, after
    /// a cache hit or without one.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A field is out of range; <see cref="ArgumentException.ParamName"/> names it and the message tells value and
    /// range. Thrown when the enumeration begins, before anything runs.
    /// </exception>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>log p(continuation[i] | prompt, continuation[..i]) at temperature 1, one value a token.</summary>
    /// <exception cref="ArgumentException">As <see cref="GenerateAsync"/>.</exception>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> continuation, CancellationToken cancellationToken);
}
