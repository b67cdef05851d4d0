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

    /// <summary>Elements of a hidden state.</summary>
    int HiddenSize { get; }

    /// <summary>Forked sequences that may be open at once.</summary>
    int MaxSequences { get; }

    /// <summary>Sequences made by <see cref="Open"/> that may be open at once beside those, at least 1.</summary>
    int MaxPrompts { get; }

    /// <summary>Tokens of the longest sequence.</summary>
    int ContextLength { get; }

    /// <summary>Tokens of a prompt that a step takes at most.</summary>
    int MaxChunk { get; }

    /// <summary>
    /// Tokens of a prompt that a step takes at least when the sequence is not empty: a back end may compute a lone token in
    /// another order than the same token in a chunk.
    /// </summary>
    int MinChunk { get; }

    /// <summary>
    /// Tokens of a forked sequence that a step takes at most, at least 1. More than 1 only where <see cref="DecodesAsPrefills"/>.
    /// </summary>
    int MaxDrawn { get; }

    /// <summary>
    /// Whether a decoded token's keys and values are to the bit those that prefilling it gives. Only then may they serve
    /// a later prompt, which must give the same tokens with the cache and without it.
    /// </summary>
    bool DecodesAsPrefills { get; }

    /// <summary>Rows of logits and hidden states that a step returns at most, beside one for each forked sequence.</summary>
    int MaxLogitRows { get; }

    /// <summary>Bytes that an adapter takes.</summary>
    long AdapterBytes(LoraAdapter adapter);

    /// <summary>Makes an adapter ready to compute with. Takes long; any thread may call it, beside the one that computes.</summary>
    /// <exception cref="ArgumentException">The adapter does not fit the model; one line says how.</exception>
    /// <exception cref="ObjectDisposedException">The back end was disposed.</exception>
    BackendAdapter Prepare(LoraAdapter adapter);

    /// <summary>Frees an adapter that no open sequence uses.</summary>
    void Release(BackendAdapter adapter);

    /// <summary>Opens an empty sequence for a prompt, to be computed with an adapter or with none.</summary>
    KvSequence Open(BackendAdapter? adapter);

    /// <summary>A sequence to decode that begins with everything that a prompt's sequence holds.</summary>
    KvSequence Fork(KvSequence source);

    /// <summary>Gives a sequence's place back.</summary>
    void Close(KvSequence sequence);

    /// <summary>
    /// Extends sequences by their parts' tokens, those of any adapters at once: at most one prompt by a chunk, and forked
    /// sequences, all that are open or a single one, by the tokens that were drawn or guessed; all in all at most
    /// <see cref="MaxChunk"/> + <see cref="MaxSequences"/> tokens.
    /// </summary>
    /// <param name="parts">Each sequence once, in any order; together they have all <paramref name="tokens"/>.</param>
    /// <param name="tokens">The tokens of all parts.</param>
    /// <param name="logitRows">Indices of the tokens after which logits are wanted; those of a part ascend.</param>
    /// <param name="hiddenRows">Indices of the tokens after which hidden states are wanted, likewise.</param>
    /// <returns>[logitRows, vocabulary], in the order in which they were asked for; valid until the next step.</returns>
    /// <remarks>When it throws, sequences may have got longer, and are as before once they are cut to their old length.</remarks>
    ReadOnlySpan<float> Step(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows = default);

    /// <summary>A row of the last step's logits. Several threads may read.</summary>
    ReadOnlySpan<float> Logits(int row);

    /// <summary>A row of the last step's hidden states: the residual after the final norm, [<see cref="HiddenSize"/>].</summary>
    ReadOnlySpan<float> Hidden(int row);

    /// <summary>Calls something once for each of several chunks on the threads that compute, between steps.</summary>
    /// <param name="chunks">How many.</param>
    /// <param name="body">Takes the chunk and the thread's number, below <see cref="Threads"/>.</param>
    void Run(int chunks, Action<int, int> body);

    /// <summary>Threads that compute.</summary>
    int Threads { get; }

    /// <summary>Forgets a sequence's last tokens.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="length">Tokens that stay, at most those it has.</param>
    void Truncate(KvSequence sequence, int length);
}
