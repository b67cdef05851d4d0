using System.Runtime.InteropServices;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>The decoder graph on ONNX Runtime.</summary>
internal sealed unsafe class OnnxBackend : IBackend
{
    // The architecture whose GGUF files are repacked as they are: in those of others rows of queries and keys are permuted.
    private const string FourBitArchitecture = "qwen2";

    // Rows grow by this many tokens at least.
    private const int GrowBy = 512;

    // Bindings that are kept beside those of one adapter; each takes some ten kilobytes.
    private const int SpareBindings = 128;

    private readonly DecoderShape _shape;
    private readonly GraphSessions _sessions;
    private readonly AdapterSet _adapters;
    private readonly KvBuffers _buffers;
    private readonly RowBindings _bindings;
    private readonly RowTable _rows;
    private readonly int[] _indices;
    private readonly nint _logits;

    // With float activations MatMulNBits multiplies a lone row by another kernel than several rows, which changes the
    // last bits (measured); so a lone row is computed beside a row that nobody reads. With int8 activations all row
    // counts agree to the bit.
    private readonly int _leastRows;

    // What a step asked for, in its order: its graphs' logits are copied from where each leaves its own.
    private readonly nint _results;
    private readonly List<KvSequence> _batch = [];
    private readonly List<int> _drawn = [];
    private readonly List<int> _places = [];
    private readonly List<BackendAdapter?> _done = [];
    private readonly WorkerTeam _team;
    private RowSequence? _open;

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
        _indices = [.. Enumerable.Range(0, maxSequences + 1)];
        Precision = (weights.Floats, precision) switch
        {
            (true, _) => "float32",
            (_, Inference.Precision.Exact) => "q4_0, float32 activations",
            _ => "q4_0, int8 activations",
        };
        _leastRows = precision == Inference.Precision.Exact ? 2 : 1;
        _sessions = new GraphSessions(_shape, weights, precision, threads);
        _adapters = new AdapterSet(_shape, _sessions);
        _buffers = new KvBuffers(_shape.Layers, maxSequences + 2, _shape.KeyValueHeads, _shape.HeadSize, Math.Min(GrowBy, contextLength));
        _logits = (nint)NativeMemory.AlignedAlloc((nuint)((long)Math.Max(maxSequences + 1, MaxLogitRows) * _shape.Vocabulary * sizeof(float)), 64);
        _bindings = new RowBindings(_sessions.For(AdaptedProducts.None), _shape, _buffers, _logits, maxSequences + SpareBindings);
        _rows = new RowTable(_buffers);
        _results = (nint)NativeMemory.AlignedAlloc((nuint)((long)(maxSequences + MaxLogitRows) * _shape.Vocabulary * sizeof(float)), 64);
        _team = new WorkerTeam(threads);
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
    /// <remarks>The prompt's chunk first, then the others, one adapter after another: each is a run of its own.</remarks>
    /// <exception cref="NotSupportedException">Hidden states are wanted.</exception>
    public ReadOnlySpan<float> Step(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows = default)
    {
        if (hiddenRows.Length > 0)
        {
            throw new NotSupportedException($"{Name} gives no hidden states");
        }

        foreach (var part in parts)
        {
            if (part.Sequence == _open)
            {
                PrefillPart(part, tokens, logitRows);
            }
        }

        _done.Clear();
        foreach (var part in parts)
        {
            if (part.Sequence != _open && !_done.Contains(part.Sequence.Adapter))
            {
                _done.Add(part.Sequence.Adapter);
                DecodeParts(part.Sequence.Adapter, parts, tokens, logitRows);
            }
        }

        return new ReadOnlySpan<float>((float*)_results, logitRows.Length * VocabularySize);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int row) => Row(_results, row);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Hidden(int row) => throw new NotSupportedException($"{Name} gives no hidden states");

    /// <inheritdoc/>
    public void Run(int chunks, Action<int, int> body) => _team.Run(chunks, body);

    /// <inheritdoc/>
    public void Truncate(KvSequence sequence, int length) => sequence.Length = length;

    private void PrefillPart(StepPart part, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        _places.Clear();
        _drawn.Clear();
        for (var row = 0; row < logitRows.Length; row++)
        {
            var at = logitRows[row] - part.FirstToken;
            if (at >= 0 && at < part.Count)
            {
                _places.Add(row);
                _drawn.Add(at);
            }
        }

        Prefill(part.Sequence, tokens.Slice(part.FirstToken, part.Count), CollectionsMarshal.AsSpan(_drawn));
        for (var i = 0; i < _places.Count; i++)
        {
            Row(_logits, i).CopyTo(Row(_results, _places[i]));
        }
    }

    private void DecodeParts(BackendAdapter? adapter, ReadOnlySpan<StepPart> parts, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        _batch.Clear();
        _drawn.Clear();
        _places.Clear();
        foreach (var part in parts)
        {
            if (part.Sequence != _open && part.Sequence.Adapter == adapter)
            {
                _batch.Add(part.Sequence);
                _drawn.Add(tokens[part.FirstToken]);
                _places.Add(logitRows.IndexOf(part.FirstToken));
            }
        }

        var first = Decode(CollectionsMarshal.AsSpan(_batch), CollectionsMarshal.AsSpan(_drawn));
        for (var i = 0; i < _batch.Count; i++)
        {
            if (_places[i] >= 0)
            {
                Row(_logits, RowOf(_batch[i]) - first).CopyTo(Row(_results, _places[i]));
            }
        }
    }

    private Span<float> Row(nint rows, int row) => new((float*)rows + ((long)row * VocabularySize), VocabularySize);

    private void Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        Reserve(sequence.Length + tokens.Length);
        var binding = _bindings.Get((AdapterImage?)sequence.Adapter, PrefillRow, 1, MaxChunk);
        tokens.CopyTo(binding.Tokens(tokens.Length));
        sequence.Length += tokens.Length;
        binding.Positions[0] = sequence.Length - 1;

        // A lone row of logits is computed beside itself.
        binding.Run(
            tokens.Length,
            logitRows.Length == 1 && _leastRows > 1 && tokens.Length > 1 ? [logitRows[0], logitRows[0]] : logitRows);
    }

    // One token for every sequence of one adapter. Returns the row whose logits come first.
    private int Decode(ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens)
    {
        var longest = 0;
        var first = RowOf(batch[0]);
        foreach (var sequence in batch)
        {
            longest = Math.Max(longest, sequence.Length);
            first = Math.Min(first, RowOf(sequence));
        }

        // The row that fills a batch up may be another group's: what is computed for it goes where its next token will.
        var rows = Math.Max(batch.Length, _leastRows);
        var behind = rows > batch.Length && first + 1 < _rows.Count ? _rows[first + 1].Length : 0;
        Reserve(Math.Max(longest, behind) + 1);
        var binding = _bindings.Get((AdapterImage?)batch[0].Adapter, first, rows, 1);
        binding.Positions[rows - 1] = behind;
        for (var i = 0; i < batch.Length; i++)
        {
            var row = RowOf(batch[i]) - first;
            binding.Tokens(1)[row] = tokens[i];
            binding.Positions[row] = batch[i].Length++;
        }

        binding.Run(1, _indices.AsSpan(0, rows));
        return first;
    }

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
        NativeMemory.AlignedFree((void*)_logits);
        NativeMemory.AlignedFree((void*)_results);
        _team.Dispose();
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

    private void Reserve(int tokens)
    {
        if (tokens <= _buffers.Capacity)
        {
            return;
        }

        _bindings.Dispose();
        _buffers.Grow(Math.Min(ContextLength, (tokens + GrowBy - 1) / GrowBy * GrowBy));
    }
}
