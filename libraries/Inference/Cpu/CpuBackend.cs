using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>The decoder in our own code for the processor. Keys and values lie in pages that sequences and blocks share.</summary>
internal sealed unsafe class CpuBackend : IBackend, IKvTransfer
{
    // Free pages that are kept for each sequence.
    private const int SparePages = 4;

    private readonly DecoderWeights _weights;
    private readonly KvPagePool _pool;
    private readonly CpuDecoder _decoder;
    private readonly HashSet<PagedSequence> _open = [];

    // Adapters are prepared beside the thread that computes.
    private readonly Lock _gate = new();
    private readonly HashSet<LoraImage> _adapters = [];
    private readonly LoraKernels _loraKernels;
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
        _loraKernels = LoraKernels.For(path, precision);
        Threads = threads;
        Name = path switch
        {
            KernelPath.Avx512Vnni => "cpu/avx512-vnni",
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
    public int HiddenSize => _weights.Model.HiddenSize;

    /// <inheritdoc/>
    public int Threads { get; }

    /// <inheritdoc/>
    public int MaxSequences { get; }

    /// <inheritdoc/>
    public int MaxPrompts => 4;

    /// <inheritdoc/>
    public int ContextLength { get; }

    /// <inheritdoc/>
    public int MaxChunk => 128;

    /// <inheritdoc/>
    public int MinChunk => 1;

    /// <inheritdoc/>
    public int MaxDrawn => 9;

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
    public long AdapterBytes(LoraAdapter adapter) => LoraImage.SizeOf(adapter, _loraKernels);

    /// <inheritdoc/>
    public BackendAdapter Prepare(LoraAdapter adapter)
    {
        var image = new LoraImage(adapter, _weights.Model, _loraKernels, Interlocked.Increment(ref _prepared));
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

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parts are none that a step can have; nothing has been done.</exception>
    public ReadOnlySpan<float> Step(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows = default) =>
        _decoder.Step(parts, tokens, logitRows, hiddenRows);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int row) => _decoder.Logits(row);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Hidden(int row) => _decoder.Hidden(row);

    /// <inheritdoc/>
    public void Run(int chunks, Action<int, int> body) => _decoder.Run(chunks, body);

    /// <inheritdoc/>
    public void Truncate(KvSequence sequence, int length) => ((PagedSequence)sequence).Cut(length);

    /// <inheritdoc/>
    public KvBlock Save(KvSequence sequence, int start, int count) => ((PagedSequence)sequence).Save(start, count);

    /// <inheritdoc/>
    public void Load(KvSequence sequence, KvBlock block, int count) => ((PagedSequence)sequence).Append((PagedBlock)block, count);

    /// <inheritdoc/>
    public KvBlock Slice(KvBlock block, int start, int count) => ((PagedBlock)block).Slice(start, count);

    /// <inheritdoc/>
    public string KvForm =>
        $"float32 pages of {KvLayout.PageTokens} tokens, {_pool.Layout.Layers} layers of {_pool.Layout.Heads} heads of {_pool.Layout.HeadSize}, {_pool.Layout.PageBytes} bytes each";

    /// <inheritdoc/>
    public long TransferBytes(int tokens) => KvLayout.PagesFor(tokens) * _pool.Layout.PageBytes;

    /// <inheritdoc/>
    public void CopyOut(KvSequence sequence, Span<byte> to)
    {
        var bytes = (int)_pool.Layout.PageBytes;
        var pages = ((PagedSequence)sequence).Pages;
        for (var page = 0; page < pages.Length; page++)
        {
            new ReadOnlySpan<byte>(pages[page].Address, bytes).CopyTo(to[(page * bytes)..]);
        }
    }

    /// <inheritdoc/>
    public void CopyIn(KvSequence sequence, int tokens, ReadOnlySpan<byte> from)
    {
        var bytes = (int)_pool.Layout.PageBytes;
        var paged = (PagedSequence)sequence;
        paged.Reserve(tokens);
        paged.Length = tokens;
        for (var page = 0; page < paged.Pages.Length; page++)
        {
            from.Slice(page * bytes, bytes).CopyTo(new Span<byte>(paged.Pages[page].Address, bytes));
        }
    }

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
