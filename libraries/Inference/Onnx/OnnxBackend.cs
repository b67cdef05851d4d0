using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>The decoder graph on ONNX Runtime.</summary>
internal sealed class OnnxBackend : IBackend
{
    // Bindings that are kept beside those of one adapter; each takes some ten kilobytes.
    private const int SpareBindings = 128;

    /// <summary>The graph's rotation turns heads of multiples of this width.</summary>
    internal const int HeadSizeUnit = 16;

    private readonly DecoderShape _shape;
    private readonly TensorMemory _memory;
    private readonly GraphSessions _sessions;
    private readonly AdapterSet _adapters;
    private readonly RowSteps _steps;
    private readonly WorkerTeam _team;
    private RowSequence? _open;

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
            Window = model.SlidingWindow,
            HalfCache = halfCache,
        };
        MaxSequences = maxSequences;
        Name = device == GraphDevice.Cuda ? "onnx/cuda" : "onnx/cpu";
        var image = WeightImage.Load(weights, held, precision, threads);
        Precision = image.Format == "float32"
            ? image.Format
            : $"{image.Format}, {(precision == Inference.Precision.Fast ? "int8" : "float32")} activations";
        Precision += halfCache ? ", float16 keys and values" : "";

        // With float activations MatMulNBits multiplies a lone row by another kernel than several rows, which changes the
        // last bits (measured), as products with floats do; so a lone row is computed beside a row that nobody reads. With
        // int8 activations all row counts agree to the bit.
        var leastRows = precision == Inference.Precision.Exact || image.Formats.Values.Contains(MatrixFormat.Float32) ? 2 : 1;
        _sessions = new GraphSessions(_shape, image, precision, threads, device, memory);
        _adapters = new AdapterSet(_shape, _sessions, memory);
        _steps = new RowSteps(_sessions, _shape, memory, maxSequences, MaxChunk, MaxLogitRows, leastRows, SpareBindings);
        _team = new WorkerTeam(threads);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Precision { get; }

    /// <inheritdoc/>
    public int VocabularySize => _shape.Vocabulary;

    /// <inheritdoc/>
    public int HiddenSize => _shape.Hidden;

    /// <inheritdoc/>
    public int Threads => _team.Threads;

    /// <inheritdoc/>
    public int MaxSequences { get; }

    /// <inheritdoc/>
    public int MaxPrompts => 1;

    /// <inheritdoc/>
    public int MaxDrawn => 1;

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
    public long BytesPerToken => _steps.Buffers.BytesPerToken;

    /// <inheritdoc/>
    public long AdapterBytes(LoraAdapter adapter) => AdapterImage.Bytes(adapter, _shape);

    /// <inheritdoc/>
    public BackendAdapter Prepare(LoraAdapter adapter) => _adapters.Prepare(adapter);

    /// <inheritdoc/>
    public void Release(BackendAdapter adapter)
    {
        var image = (AdapterImage)adapter;
        _steps.Forget(image);
        _adapters.Release(image);
    }

    /// <inheritdoc/>
    public KvSequence Open(BackendAdapter? adapter)
    {
        return _open = _open is null
            ? new RowSequence { Row = _steps.PromptRow, Adapter = adapter }
            : throw new InvalidOperationException("a sequence is being prefilled already");
    }

    /// <inheritdoc/>
    public KvSequence Fork(KvSequence source) => _steps.Forks.Fork((RowSequence)source);

    /// <inheritdoc/>
    public void Close(KvSequence sequence)
    {
        if (sequence == _open)
        {
            _open = null;
            return;
        }

        _steps.Forks.Remove((RowSequence)sequence);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Step(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows = default)
    {
        _steps.Run(parts, tokens, logitRows, hiddenRows);
        return _steps.Results.LogitRows(logitRows.Length);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int row) => _steps.Results.LogitRow(row);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Hidden(int row) => _steps.Results.HiddenRow(row);

    /// <inheritdoc/>
    public void Run(int chunks, Action<int, int> body) => _team.Run(chunks, body);

    /// <inheritdoc/>
    public void Truncate(KvSequence sequence, int length) => sequence.Length = length;

    /// <inheritdoc/>
    public KvBlock Save(KvSequence sequence, int start, int count) => _steps.Buffers.Save(((RowSequence)sequence).Row, start, count);

    /// <inheritdoc/>
    public void Load(KvSequence sequence, KvBlock block, int count) => _steps.Load((RowSequence)sequence, (KvCopy)block, count);

    /// <inheritdoc/>
    public KvBlock Slice(KvBlock block, int start, int count) => _steps.Buffers.Slice((KvCopy)block, start, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _steps.Dispose();
        _adapters.Dispose();
        _sessions.Dispose();
        _memory.Dispose();
    }
}
