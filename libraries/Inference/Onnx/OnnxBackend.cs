using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>The decoder graph on ONNX Runtime.</summary>
internal sealed unsafe class OnnxBackend : IBackend
{
    // The architecture whose GGUF files are repacked as they are: in those of others rows of queries and keys are permuted.
    private const string FourBitArchitecture = "qwen2";

    // Rows grow by this many tokens at least.
    private const int Step = 512;

    // Bindings that are kept beside those of one adapter; each takes some ten kilobytes.
    private const int SpareBindings = 128;

    private readonly DecoderShape _shape;
    private readonly WeightImage _weights;
    private readonly Precision _precision;
    private readonly int _threads;
    private readonly List<(string Name, OrtValue Value)> _initializers = [];
    private readonly PrePackedWeightsContainer _packed = new();
    private readonly InferenceSession _session;
    private readonly KvBuffers _buffers;
    private readonly Dictionary<BindingKey, RowBinding> _bindings = [];

    // Sequences that are decoded; those of one adapter are neighbours.
    private readonly List<RowSequence> _rows = [];
    private readonly int[] _indices;

    // Adapters are prepared beside the thread that computes, which never waits for that.
    private readonly Lock _preparing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<AdaptedProducts, InferenceSession> _sessions = [];
    private readonly HashSet<AdapterImage> _adapters = [];
    private bool _disposed;

    private readonly nint _logits;

    // With float activations MatMulNBits multiplies a lone row by another kernel than several rows, which changes the
    // last bits (measured); so a lone row is computed beside a row that nobody reads. With int8 activations all row
    // counts agree to the bit.
    private readonly int _leastRows;

    private RowSequence? _open;

    // The row of the batch that was decoded last whose logits come first.
    private int _firstDecoded;

    /// <summary>Builds the graph and the session on 4-bit weights.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape or type.</exception>
    public OnnxBackend(GgufFile file, ModelDescription model, Precision precision, int threads, int maxSequences, int contextLength)
        : this(WeightImage.Load(file, Plain(model), threads), model, precision, threads, maxSequences, contextLength)
    {
    }

    /// <summary>
    /// Builds the graph and the session on float weights, to be compared with reference models: unlike those of 4-bit
    /// weights, their products' last bits may depend on how many rows there are.
    /// </summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or of a type that is not known.</exception>
    public OnnxBackend(IWeights weights, int threads, int maxSequences, int contextLength)
        : this(LoadFloats(weights), weights.Description, Inference.Precision.Exact, threads, maxSequences, contextLength)
    {
    }

    /// <summary>
    /// Builds the graph and the session on a model's 4-bit weights where it is a file of those under names that the graph
    /// knows, otherwise on floats.
    /// </summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape or type, or the model normalises queries and keys.</exception>
    public static OnnxBackend Load(LanguageModel model, EngineOptions options)
    {
        var description = model.Description;
        return model.IsGguf && description.Architecture == FourBitArchitecture
            ? new(model.Weights, description, options.Precision, options.Threads, options.MaxSequences, options.ContextLength)
            : new(model.Parameters, options.Threads, options.MaxSequences, options.ContextLength);
    }

    private OnnxBackend(WeightImage weights, ModelDescription model, Precision precision, int threads, int maxSequences, int contextLength)
    {
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
            FloatWeights = weights.Floats,
            Epsilon = model.RmsEpsilon,
            Context = contextLength,
        };
        MaxSequences = maxSequences;
        (_precision, _threads) = (precision, threads);
        _indices = [.. Enumerable.Range(0, maxSequences + 1)];
        Precision = (weights.Floats, precision) switch
        {
            (true, _) => "float32",
            (_, Inference.Precision.Exact) => "q4_0, float32 activations",
            _ => "q4_0, int8 activations",
        };
        _weights = weights;
        _leastRows = precision == Inference.Precision.Exact ? 2 : 1;
        GiveWeights();
        _session = CreateSession(AdaptedProducts.None);
        _buffers = new KvBuffers(_shape.Layers, maxSequences + 2, _shape.KeyValueHeads, _shape.HeadSize, Math.Min(Step, contextLength));
        _logits = (nint)NativeMemory.AlignedAlloc((nuint)((long)Math.Max(maxSequences + 1, MaxLogitRows) * _shape.Vocabulary * sizeof(float)), 64);
    }

    /// <inheritdoc/>
#if CUDA
    public string Name => "onnx/cuda";
#else
    public string Name => "onnx/cpu";
#endif

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
    public BackendAdapter Prepare(LoraAdapter adapter)
    {
        lock (_preparing)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IInferenceEngine));

            // One graph serves all adapters that change the same products, so most adapters find theirs made.
            var adapted = AdapterImage.Adapted(adapter);
            if (!_sessions.TryGetValue(adapted, out var session))
            {
                _sessions.Add(adapted, session = CreateSession(adapted));
            }

            var image = new AdapterImage(adapter, _shape, session);
            lock (_gate)
            {
                _adapters.Add(image);
            }

            return image;
        }
    }

    /// <inheritdoc/>
    public void Release(BackendAdapter adapter)
    {
        foreach (var (key, binding) in _bindings)
        {
            if (key.Adapter == adapter)
            {
                binding.Dispose();
                _bindings.Remove(key);
            }
        }

        var image = (AdapterImage)adapter;
        lock (_gate)
        {
            _adapters.Remove(image);
        }

        image.Dispose();
    }

    /// <inheritdoc/>
    public KvSequence Open(BackendAdapter? adapter)
    {
        return _open = _open is null
            ? new RowSequence { Row = PrefillRow, Adapter = adapter }
            : throw new InvalidOperationException("a sequence is being prefilled already");
    }

    /// <inheritdoc/>
    public KvSequence Fork(KvSequence source)
    {
        // The first row of each group behind moves to that group's end, which leaves a row free for this one.
        var end = _rows.FindLastIndex(row => row.Adapter == source.Adapter) + 1;
        end = end == 0 ? _rows.Count : end;
        var free = _rows.Count;
        _rows.Add(null!);
        while (free > end)
        {
            var first = _rows.FindIndex(row => row.Adapter == _rows[free - 1].Adapter);
            Move(first, free);
            free = first;
        }

        var fork = new RowSequence { Row = free, Length = source.Length, Adapter = source.Adapter };
        _buffers.Copy(RowOf(source), free, source.Length);
        _rows[free] = fork;
        return fork;
    }

    /// <inheritdoc/>
    public void Close(KvSequence sequence)
    {
        if (sequence == _open)
        {
            _open = null;
            return;
        }

        // The last row of the group fills the gap, then that of the next group, so that those in use stay neighbours.
        var free = RowOf(sequence);
        var adapter = sequence.Adapter;
        while (true)
        {
            var last = _rows.FindLastIndex(row => row.Adapter == adapter);
            if (last != free)
            {
                Move(last, free);
                free = last;
            }

            if (free == _rows.Count - 1)
            {
                _rows.RemoveAt(free);
                return;
            }

            adapter = _rows[free + 1].Adapter;
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        Reserve(sequence.Length + tokens.Length);
        var binding = Binding(sequence.Adapter, PrefillRow, 1, MaxChunk);
        tokens.CopyTo(binding.Tokens(tokens.Length));
        sequence.Length += tokens.Length;
        binding.Positions[0] = sequence.Length - 1;

        // A lone row of logits is computed beside itself.
        binding.Run(
            tokens.Length,
            logitRows.Length == 1 && _leastRows > 1 && tokens.Length > 1 ? [logitRows[0], logitRows[0]] : logitRows);
        return new ReadOnlySpan<float>((float*)_logits, logitRows.Length * VocabularySize);
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
        var binding = Binding(batch[0].Adapter, _firstDecoded, rows, 1);
        binding.Positions[rows - 1] = behind;
        for (var i = 0; i < batch.Length; i++)
        {
            var row = RowOf(batch[i]) - _firstDecoded;
            binding.Tokens(1)[row] = tokens[i];
            binding.Positions[row] = batch[i].Length++;
        }

        binding.Run(1, _indices.AsSpan(0, rows));
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(KvSequence sequence) =>
        new((float*)_logits + ((long)(RowOf(sequence) - _firstDecoded) * VocabularySize), VocabularySize);

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
        Unbind();
        lock (_preparing)
        {
            _disposed = true;
            foreach (var adapter in _adapters)
            {
                adapter.Dispose();
            }

            foreach (var session in _sessions.Values)
            {
                session.Dispose();
            }
        }

        _session.Dispose();
        _packed.Dispose();
        _initializers.ForEach(given => given.Value.Dispose());
        _buffers.Dispose();
        _weights.Dispose();
        NativeMemory.AlignedFree((void*)_logits);
    }

    // Checked before weights are read, which takes long.
    private static ModelDescription Plain(ModelDescription model)
    {
        model.RefuseQueryKeyNorm("the onnx back end");
        return model;
    }

    private static WeightImage LoadFloats(IWeights weights)
    {
        Plain(weights.Description);
        return WeightImage.Load(weights);
    }

    // Behind those that are decoded, and one that fills a batch up.
    private int PrefillRow => MaxSequences + 1;

    private static int RowOf(KvSequence sequence) => ((RowSequence)sequence).Row;

    private void Move(int from, int to)
    {
        var sequence = _rows[from];
        _buffers.Copy(from, to, sequence.Length);
        sequence.Row = to;
        _rows[to] = sequence;
    }

    private void GiveWeights()
    {
        foreach (var (name, type, shape, data, bytes) in _weights.Constants)
        {
            _initializers.Add((name, OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, data, bytes)));
        }
    }

    // All sessions use the same weights, and the same packed copies of them where the operators allow it.
    private InferenceSession CreateSession(AdaptedProducts adapted)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = _threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

            // Shapes change from step to step: a pattern would be recorded and thrown away.
            EnableMemoryPattern = false,
        };

        // Waiting threads must not take the cores that the sandbox needs.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
#if CUDA
        options.AppendExecutionProvider_CUDA();
#endif
        foreach (var (name, value) in _initializers)
        {
            options.AddInitializer(name, value);
        }

        // Every constant of the graph is given above, but the file that it names must exist.
        var graph = DecoderGraph.Build(_shape, _weights.Vectors, _precision, adapted).ToByteArray();
        var folder = Directory.CreateTempSubdirectory("o1coder-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, GraphBuilder.ExternalFile), []);
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder.FullName);
            return new InferenceSession(graph, options, _packed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private RowBinding Binding(BackendAdapter? adapter, int firstRow, int rows, int chunk)
    {
        var key = new BindingKey((AdapterImage?)adapter, firstRow, rows, chunk);
        if (!_bindings.TryGetValue(key, out var binding))
        {
            // With many adapters there are many combinations; those in use come back by themselves.
            if (_bindings.Count >= MaxSequences + SpareBindings)
            {
                Unbind();
            }

            binding = new RowBinding(key.Adapter?.Session ?? _session, _shape, _buffers, firstRow, rows, chunk, _logits, key.Adapter);
            _bindings.Add(key, binding);
        }

        return binding;
    }

    private void Reserve(int tokens)
    {
        if (tokens <= _buffers.Capacity)
        {
            return;
        }

        Unbind();
        _buffers.Grow(Math.Min(ContextLength, (tokens + Step - 1) / Step * Step));
    }

    private void Unbind()
    {
        foreach (var binding in _bindings.Values)
        {
            binding.Dispose();
        }

        _bindings.Clear();
    }

    private readonly record struct BindingKey(AdapterImage? Adapter, int FirstRow, int Rows, int Chunk);
}
