using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>The decoder graph on ONNX Runtime.</summary>
internal sealed unsafe class OnnxBackend : IBackend
{
    // Rows grow by this many tokens at least.
    private const int Step = 512;

    // Bindings that are kept beside those of one adapter; each takes some ten kilobytes.
    private const int SpareBindings = 128;

    // The graph's rotation turns heads of such widths.
    private const int HeadSizeUnit = 16;

    private readonly DecoderShape _shape;
    private readonly TensorMemory _memory;
    private readonly GraphSessions _sessions;
    private readonly AdapterSet _adapters;
    private readonly KvBuffers _buffers;
    private readonly RowBindings _bindings;
    private readonly RowTable _rows;
    private readonly int[] _indices;
    private readonly RowOutputs _outputs;

    // With float activations MatMulNBits multiplies a lone row by another kernel than several rows, which changes the
    // last bits (measured), as products with floats do; so a lone row is computed beside a row that nobody reads. With int8
    // activations all row counts agree to the bit.
    private readonly int _leastRows;

    private RowSequence? _open;

    // The row of the batch that was decoded last whose logits come first.
    private int _firstDecoded;

    /// <summary>Loads a model.</summary>
    /// <param name="weights">The model; it is not needed any more afterwards.</param>
    /// <param name="precision">How activations enter products with weights in blocks.</param>
    /// <param name="held">How weights are held.</param>
    /// <param name="device">What computes.</param>
    /// <param name="threads">Threads that compute, where it is the processor.</param>
    /// <param name="maxSequences">Sequences that are decoded at once at most.</param>
    /// <param name="contextLength">Tokens of the longest sequence.</param>
    /// <exception cref="ArgumentException">A matrix cannot be held so.</exception>
    /// <exception cref="ModelFormatException">
    /// A tensor is missing, or of a type that is not known, or the model's heads are of a width that the graph cannot turn.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">There is no such device; one line says what is missing.</exception>
    public OnnxBackend(
        IWeights weights, Precision precision, WeightPrecision held, GraphDevice device, int threads, int maxSequences, int contextLength)
        : this(weights, precision, held, device, GraphDevices.Memory(device), halfCache: device == GraphDevice.Cuda, threads, maxSequences, contextLength)
    {
    }

    /// <summary>Loads a model into a memory of the caller's choice, with keys and values in float16 or not.</summary>
    internal OnnxBackend(
        IWeights weights,
        Precision precision,
        WeightPrecision held,
        GraphDevice device,
        TensorMemory memory,
        bool halfCache,
        int threads,
        int maxSequences,
        int contextLength)
    {
        var model = weights.Description;
        if (model.HeadSize % HeadSizeUnit != 0)
        {
            throw new ModelFormatException(
                $"the onnx back end cannot turn heads of width {model.HeadSize}: expected a multiple of {HeadSizeUnit}; the cpu back end can");
        }

        _memory = memory;
        _shape = new DecoderShape
        {
            Layers = model.Layers,
            Hidden = model.HiddenSize,
            Heads = model.Heads,
            KeyValueHeads = model.KeyValueHeads,
            HeadSize = model.HeadSize,
            FeedForward = model.FeedForwardSize,
            Vocabulary = model.VocabularySize,
            RopeFrequencies = model.RopeFrequencies(),
            Epsilon = model.RmsEpsilon,
            Context = contextLength,
            QueryKeyNorm = model.QueryKeyNorm,
            HalfCache = halfCache,
        };
        MaxSequences = maxSequences;
        _indices = [.. Enumerable.Range(0, maxSequences + 1)];
        Name = device == GraphDevice.Cuda ? "onnx/cuda" : "onnx/cpu";
        var image = WeightImage.Load(weights, held, precision, threads);
        Precision = image.Format == "float32"
            ? image.Format
            : $"{image.Format}, {(precision == Inference.Precision.Fast ? "int8" : "float32")} activations";
        Precision += halfCache ? ", float16 keys and values" : "";
        _leastRows = precision == Inference.Precision.Exact || image.Formats.Values.Contains(MatrixFormat.Float32) ? 2 : 1;
        _sessions = new GraphSessions(_shape, image, precision, threads, device, memory);
        _adapters = new AdapterSet(_shape, _sessions, memory);
        _buffers = new KvBuffers(memory, _shape, maxSequences + 2, Math.Min(Step, contextLength));
        _outputs = new RowOutputs(Math.Max(maxSequences + 1, MaxLogitRows), _shape);
        _bindings = new RowBindings(_sessions.For(AdaptedProducts.None), _shape, memory, _buffers, _outputs, maxSequences + SpareBindings);
        _rows = new RowTable(_buffers);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Precision { get; }

    /// <inheritdoc/>
    public int VocabularySize => _shape.Vocabulary;

    /// <inheritdoc/>
    public int MaxSequences { get; }

    /// <inheritdoc/>
    public int ContextLength => _shape.Context;

    /// <inheritdoc/>
    public int MaxChunk => 128;

    // GroupQueryAttention computes a lone query in another order of additions than several (measured on the CPU
    // provider: the last bits differ), while rows of the products and chunks of 2 and more tokens agree to the bit
    // whatever their number. So prompts are never prefilled by single tokens, and what was decoded is not cached:
    // a child's prompt prefills its parent's answer once, at several times the speed of decoding it.

    /// <inheritdoc/>
    public int MinChunk => 2;

    /// <inheritdoc/>
    public bool DecodesAsPrefills => false;

    /// <inheritdoc/>
    public int MaxLogitRows => 32;

    /// <inheritdoc/>
    public long BytesPerToken => _buffers.BytesPerToken;

    /// <inheritdoc/>
    public long AdapterBytes(LoraAdapter adapter) => AdapterImage.Bytes(adapter, _shape);

    /// <inheritdoc/>
    public BackendAdapter Prepare(LoraAdapter adapter) => _adapters.Prepare(adapter);

    /// <inheritdoc/>
    public void Release(BackendAdapter adapter)
    {
        var image = (AdapterImage)adapter;
        _bindings.Remove(image);
        _adapters.Release(image);
    }

    /// <inheritdoc/>
    public KvSequence Open(BackendAdapter? adapter)
    {
        return _open = _open is null
            ? new RowSequence { Row = PrefillRow, Adapter = adapter }
            : throw new InvalidOperationException("a sequence is being prefilled already");
    }

    /// <inheritdoc/>
    public KvSequence Fork(KvSequence source) => _rows.Fork((RowSequence)source);

    /// <inheritdoc/>
    public void Close(KvSequence sequence)
    {
        if (sequence == _open)
        {
            _open = null;
            return;
        }

        _rows.Remove((RowSequence)sequence);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        Reserve(sequence.Length + tokens.Length);
        var binding = _bindings.Get((AdapterImage?)sequence.Adapter, PrefillRow, 1, MaxChunk);
        tokens.CopyTo(binding.Tokens(tokens.Length));
        sequence.Length += tokens.Length;
        binding.Positions[0] = sequence.Length - 1;

        // A lone row of logits is computed beside itself.
        binding.Run(
            tokens.Length,
            logitRows.Length == 1 && _leastRows > 1 && tokens.Length > 1 ? [logitRows[0], logitRows[0]] : logitRows,
            []);
        return new ReadOnlySpan<float>((float*)_outputs.Logits, logitRows.Length * VocabularySize);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens)
    {
        var longest = 0;
        _firstDecoded = RowOf(batch[0]);
        foreach (var sequence in batch)
        {
            longest = Math.Max(longest, sequence.Length);
            _firstDecoded = Math.Min(_firstDecoded, RowOf(sequence));
        }

        // The row that fills a batch up may be another group's: what is computed for it goes where its next token will.
        var rows = Math.Max(batch.Length, _leastRows);
        var behind = rows > batch.Length && _firstDecoded + 1 < _rows.Count ? _rows[_firstDecoded + 1].Length : 0;
        Reserve(Math.Max(longest, behind) + 1);
        var binding = _bindings.Get((AdapterImage?)batch[0].Adapter, _firstDecoded, rows, 1);
        binding.Positions[rows - 1] = behind;
        for (var i = 0; i < batch.Length; i++)
        {
            var row = RowOf(batch[i]) - _firstDecoded;
            binding.Tokens(1)[row] = tokens[i];
            binding.Positions[row] = batch[i].Length++;
        }

        binding.Run(1, _indices.AsSpan(0, rows), []);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(KvSequence sequence) =>
        _outputs.LogitRow(RowOf(sequence) - _firstDecoded);

    /// <inheritdoc/>
    public KvBlock Save(KvSequence sequence, int start, int count) => _buffers.Save(RowOf(sequence), start, count);

    /// <inheritdoc/>
    public void Load(KvSequence sequence, KvBlock block, int count)
    {
        Reserve(sequence.Length + count);
        _buffers.Load(RowOf(sequence), sequence.Length, (KvCopy)block, count);
        sequence.Length += count;
    }

    /// <inheritdoc/>
    public KvBlock Slice(KvBlock block, int start, int count) => _buffers.Slice((KvCopy)block, start, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _bindings.Dispose();
        _adapters.Dispose();
        _sessions.Dispose();
        _buffers.Dispose();
        _outputs.Dispose();
        _memory.Dispose();
    }

    // Behind those that are decoded, and one that fills a batch up.
    private int PrefillRow => MaxSequences + 1;

    private static int RowOf(KvSequence sequence) => ((RowSequence)sequence).Row;

    private void Reserve(int tokens)
    {
        if (tokens <= _buffers.Capacity)
        {
            return;
        }

        _bindings.Dispose();
        _buffers.Grow(Math.Min(ContextLength, (tokens + Step - 1) / Step * Step));
    }
}
