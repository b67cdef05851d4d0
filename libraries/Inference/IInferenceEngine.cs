using O1Coder.Models;

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
    /// <exception cref="AdapterNotLoadedException">Thrown likewise: the adapter is not served.</exception>
    /// <exception cref="EngineBusyException">The queue is full; it says when to come back.</exception>
    IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>log p(continuation[i] | prompt, continuation[..i]) at temperature 1, one value a token.</summary>
    /// <param name="prompt">What comes before, at least one token.</param>
    /// <param name="continuation">What is scored, at least one token.</param>
    /// <param name="adapter">The version of the adapter to use, or null for the model as it is.</param>
    /// <param name="ticket">Where the request stands in the queue.</param>
    /// <param name="cancellationToken">Frees the request's place within a turn.</param>
    /// <exception cref="ArgumentException">As <see cref="GenerateAsync"/>.</exception>
    /// <exception cref="AdapterNotLoadedException">The adapter is not served.</exception>
    /// <exception cref="EngineBusyException">The queue is full; it says when to come back.</exception>
    Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt,
        ReadOnlyMemory<int> continuation,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken);

    /// <summary>log p(label | tokens[..position + 1]) over the whole vocabulary at temperature 1, in one prefill.</summary>
    /// <param name="tokens">At least one token, at most the context.</param>
    /// <param name="positions">Indices into <paramref name="tokens"/>, ascending, at least one; read after that token.</param>
    /// <param name="labels">Token ids, at least one.</param>
    /// <param name="adapter">The version of the adapter to use, or null for the model as it is.</param>
    /// <param name="ticket">Where the request stands in the queue.</param>
    /// <param name="cancellationToken">Frees the request's place within a turn.</param>
    /// <returns>[positions][labels].</returns>
    /// <exception cref="ArgumentException">As <see cref="GenerateAsync"/>.</exception>
    /// <exception cref="AdapterNotLoadedException">The adapter is not served.</exception>
    /// <exception cref="EngineBusyException">The queue is full; it says when to come back.</exception>
    Task<float[][]> ScoreLabelsAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        IReadOnlyList<int> labels,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken);

    /// <summary>The residual after the final norm, from which the logits are made, at some positions of a text, in one prefill.</summary>
    /// <param name="tokens">At least one token, at most the context.</param>
    /// <param name="positions">Indices into <paramref name="tokens"/>, ascending, at least one.</param>
    /// <param name="adapter">The version of the adapter to use, or null for the model as it is.</param>
    /// <param name="ticket">Where the request stands in the queue.</param>
    /// <param name="cancellationToken">Frees the request's place within a turn.</param>
    /// <returns>[positions][hidden].</returns>
    /// <exception cref="ArgumentException">As <see cref="GenerateAsync"/>.</exception>
    /// <exception cref="AdapterNotLoadedException">The adapter is not served.</exception>
    /// <exception cref="EngineBusyException">The queue is full; it says when to come back.</exception>
    /// <exception cref="NotSupportedException">The back end does not give hidden states.</exception>
    Task<float[][]> HiddenStatesAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken);

    /// <summary>What the engine has done so far; null for one that computes elsewhere.</summary>
    EngineLoad? Load => null;

    /// <summary>The adapters that are served, in the order of their versions.</summary>
    IReadOnlyList<LoadedAdapter> Adapters { get; }

    /// <summary>
    /// Serves an adapter from here on, beside what runs, which is not held up. A version that is served already is left
    /// as it is.
    /// </summary>
    /// <param name="adapter">The adapter; it must have a version.</param>
    /// <param name="replacing">
    /// A version that the caller will remove for this one, which therefore does not count against the limits; or null.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for other adapters that are being added.</param>
    /// <exception cref="ArgumentException">The adapter is for another model, or has no version; one line says how.</exception>
    /// <exception cref="AdapterLimitException">There is no room for it.</exception>
    Task<LoadedAdapter> AddAdapterAsync(LoraAdapter adapter, string? replacing, CancellationToken cancellationToken);

    /// <summary>
    /// Takes no more requests for a version. Those that were accepted end with it; then its memory and what the prefix
    /// cache holds of it are freed.
    /// </summary>
    /// <returns>Whether it was served.</returns>
    bool RemoveAdapter(string version);
}
