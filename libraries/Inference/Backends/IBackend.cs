using O1Coder.Models;

namespace O1Coder.Inference.Backends;

/// <summary>
/// Computes logits and holds keys and values. One thread calls it. What it computes for a sequence depends, to the bit,
/// on that sequence's tokens alone, and on which of them were prefilled and which decoded: not on the batch, on how the
/// prompt was cut into chunks, or on whether keys and values were computed, forked or loaded. A sequence is computed with
/// one adapter or none from its first token to its last. The engine above it schedules, samples and caches.
/// </summary>
internal interface IBackend : IKvBlocks, IDisposable
{
    /// <summary>For people, for example <c>onnx/cpu</c>.</summary>
    string Name { get; }

    /// <summary>How weights and activations are held, for people.</summary>
    string Precision { get; }

    /// <summary>Width of a row of logits.</summary>
    int VocabularySize { get; }

    /// <summary>Sequences that <see cref="Decode"/> takes at most. One more may be open for <see cref="Prefill"/>.</summary>
    int MaxSequences { get; }

    /// <summary>Tokens of the longest sequence.</summary>
    int ContextLength { get; }

    /// <summary>Tokens that <see cref="Prefill"/> takes at most.</summary>
    int MaxChunk { get; }

    /// <summary>
    /// Tokens that <see cref="Prefill"/> takes at least when the sequence is not empty: a back end may compute a lone
    /// token in another order than the same token in a chunk.
    /// </summary>
    int MinChunk { get; }

    /// <summary>
    /// Whether a decoded token's keys and values are to the bit those that prefilling it gives. Only then may they serve
    /// a later prompt, which must give the same tokens with the cache and without it.
    /// </summary>
    bool DecodesAsPrefills { get; }

    /// <summary>Rows of logits that <see cref="Prefill"/> returns at most.</summary>
    int MaxLogitRows { get; }

    /// <summary>Bytes that an adapter takes.</summary>
    long AdapterBytes(LoraAdapter adapter);

    /// <summary>Makes an adapter ready to compute with. Takes long; any thread may call it, beside the one that computes.</summary>
    /// <exception cref="ArgumentException">The adapter does not fit the model; one line says how.</exception>
    /// <exception cref="ObjectDisposedException">The back end was disposed.</exception>
    BackendAdapter Prepare(LoraAdapter adapter);

    /// <summary>Frees an adapter that no open sequence uses.</summary>
    void Release(BackendAdapter adapter);

    /// <summary>
    /// Opens an empty sequence to prefill, to be computed with an adapter or with none. One such sequence exists at a
    /// time.
    /// </summary>
    KvSequence Open(BackendAdapter? adapter);

    /// <summary>A sequence to decode, likewise, that begins with everything that <paramref name="source"/> holds.</summary>
    KvSequence Fork(KvSequence source);

    /// <summary>Gives a sequence's place back.</summary>
    void Close(KvSequence sequence);

    /// <summary>Extends a sequence and returns the logits after some of its new tokens.</summary>
    /// <param name="sequence">A sequence made by <see cref="Open"/>.</param>
    /// <param name="tokens">1 to <see cref="MaxChunk"/> token ids.</param>
    /// <param name="logitRows">Which of them: 0 to <see cref="MaxLogitRows"/> indices, ascending.</param>
    /// <returns>[rows, vocabulary], valid until the next call.</returns>
    ReadOnlySpan<float> Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows);

    /// <summary>Extends every forked sequence of one adapter, or of none, by one token.</summary>
    /// <param name="batch">All of them that are still open, in any order, at least one.</param>
    /// <param name="tokens">One for each.</param>
    void Decode(ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens);

    /// <summary>
    /// The logits that <see cref="Decode"/> left for a sequence; valid until the next call. Several threads may read.
    /// </summary>
    ReadOnlySpan<float> Logits(KvSequence sequence);
}
