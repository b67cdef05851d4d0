using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>The decoder in our own code for the processor. Keys and values lie in pages that sequences and blocks share.</summary>
internal sealed class CpuBackend : IBackend
{
    // Free pages that are kept for each sequence.
    private const int SparePages = 4;

    private readonly DecoderWeights _weights;
    private readonly KvPagePool _pool;
    private readonly CpuDecoder _decoder;
    private readonly HashSet<PagedSequence> _open = [];
    private readonly StepPart[] _parts;
    private readonly int[] _rows;

    // Adapters are prepared beside the thread that computes.
    private readonly Lock _gate = new();
    private readonly HashSet<LoraImage> _adapters = [];
    private long _prepared;
    private bool _disposed;

    /// <summary>Loads a model.</summary>
    /// <param name="weights">The model; it is not needed any more afterwards.</param>
    /// <param name="precision">How activations enter products with quantised weights.</param>
    /// <param name="held">How weights are held.</param>
    /// <param name="path">The instructions.</param>
    /// <param name="threads">Threads that compute, the caller's included.</param>
    /// <param name="maxSequences">Sequences that are decoded at once at most.</param>
    /// <param name="contextLength">Tokens of the longest sequence.</param>
    /// <exception cref="ArgumentException">A matrix cannot be held so.</exception>
    /// <exception cref="ModelFormatException">A tensor is missing, or of a type that is not known.</exception>
    public CpuBackend(
        IWeights weights, Precision precision, WeightPrecision held, KernelPath path, int threads, int maxSequences, int contextLength)
    {
        (MaxSequences, ContextLength) = (maxSequences, contextLength);
        _weights = new DecoderWeights(weights, held, threads);
        var layout = new KvLayout(_weights.Model);
        _pool = new KvPagePool(layout, SparePages * maxSequences);
        _decoder = new CpuDecoder(
            _weights, layout, precision, path, threads, MaxChunk + maxSequences, MaxLogitRows + maxSequences, contextLength);
        _parts = new StepPart[maxSequences];
        _rows = [.. Enumerable.Range(0, maxSequences)];
        Name = path switch
        {
            KernelPath.Avx512 => "cpu/avx512",
            KernelPath.Avx2 => "cpu/avx2",
            _ => "cpu/vector128",
        };
        var format = _weights.Format;
        Precision = format == "float32" ? format : $"{format}, {(precision == Inference.Precision.Fast ? "int8" : "float32")} activations";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Precision { get; }

    /// <inheritdoc/>
    public int VocabularySize => _weights.Model.VocabularySize;

    /// <inheritdoc/>
    public int MaxSequences { get; }

    /// <inheritdoc/>
    public int ContextLength { get; }

    /// <inheritdoc/>
    public int MaxChunk => 128;

    /// <inheritdoc/>
    public int MinChunk => 1;

    /// <inheritdoc/>
    public bool DecodesAsPrefills => true;

    /// <inheritdoc/>
    public int MaxLogitRows => 32;

    /// <inheritdoc/>
    public long BytesPerToken => _pool.Layout.PageBytes / KvLayout.PageTokens;

    /// <summary>Pages of keys and values that sequences and blocks hold.</summary>
    public int PagesHeld => _pool.Held;

    /// <summary>Of them, pages that blocks hold, each counted once.</summary>
    public int PagesInBlocks => _pool.InBlocks;

    /// <summary>Pages that were copied so far because one holder of several wrote to them.</summary>
    public long PagesCopied => _pool.Copies;

    /// <inheritdoc/>
    public long BlockBytes(KvSequence sequence, int start, int count) =>
        ((PagedSequence)sequence).PagesOutsideBlocks(start, count) * _pool.Layout.PageBytes;

    /// <inheritdoc/>
    public long AdapterBytes(LoraAdapter adapter) => LoraImage.SizeOf(adapter);

    /// <inheritdoc/>
    public BackendAdapter Prepare(LoraAdapter adapter)
    {
        var image = new LoraImage(adapter, _weights.Model, Interlocked.Increment(ref _prepared));
        lock (_gate)
        {
            if (!_disposed)
            {
                _adapters.Add(image);
                return image;
            }
        }

        image.Dispose();
        throw new ObjectDisposedException(nameof(IInferenceEngine));
    }

    /// <inheritdoc/>
    public void Release(BackendAdapter adapter)
    {
        var image = (LoraImage)adapter;
        lock (_gate)
        {
            _adapters.Remove(image);
        }

        image.Dispose();
    }

    /// <inheritdoc/>
    public KvSequence Open(BackendAdapter? adapter)
    {
        var sequence = new PagedSequence(_pool, ContextLength) { Adapter = adapter };
        _open.Add(sequence);
        return sequence;
    }

    /// <inheritdoc/>
    public KvSequence Fork(KvSequence source)
    {
        var fork = (PagedSequence)Open(source.Adapter);
        fork.Share((PagedSequence)source);
        return fork;
    }

    /// <inheritdoc/>
    public void Close(KvSequence sequence)
    {
        var paged = (PagedSequence)sequence;
        if (_open.Remove(paged))
        {
            paged.Close();
        }
    }

    /// <summary>Extends any sequences by any numbers of tokens, as <see cref="CpuDecoder.Step"/> says.</summary>
    public ReadOnlySpan<float> Step(ReadOnlySpan<StepPart> parts, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows) =>
        _decoder.Step(parts, tokens, logitRows);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        _parts[0] = new StepPart((PagedSequence)sequence, 0, tokens.Length);
        return Step(_parts.AsSpan(0, 1), tokens, logitRows);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            var sequence = (PagedSequence)batch[i];
            sequence.LogitRow = i;
            _parts[i] = new StepPart(sequence, i, 1);
        }

        Step(_parts.AsSpan(0, batch.Length), tokens, _rows.AsSpan(0, batch.Length));
    }
    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(KvSequence sequence) => _decoder.Logits(((PagedSequence)sequence).LogitRow);

    /// <inheritdoc/>
    public KvBlock Save(KvSequence sequence, int start, int count) => ((PagedSequence)sequence).Save(start, count);

    /// <inheritdoc/>
    public void Load(KvSequence sequence, KvBlock block, int count) => ((PagedSequence)sequence).Append((PagedBlock)block, count);

    /// <inheritdoc/>
    public KvBlock Slice(KvBlock block, int start, int count) => ((PagedBlock)block).Slice(start, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var adapter in _adapters)
            {
                adapter.Dispose();
            }
        }

        foreach (var sequence in _open)
        {
            sequence.Close();
        }

        _open.Clear();
        _decoder.Dispose();
        _pool.Dispose();
        _weights.Dispose();
    }
}
