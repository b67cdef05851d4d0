using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>The decoder graph on ONNX Runtime.</summary>
internal sealed unsafe class OnnxBackend : IBackend
{
    // Rows grow by this many tokens at least.
    private const int Step = 512;

    private readonly DecoderShape _shape;
    private readonly WeightImage _weights;
    private readonly List<OrtValue> _initializers = [];
    private readonly InferenceSession _session;
    private readonly KvBuffers _buffers;
    private readonly Dictionary<int, RowBinding> _decode = [];
    private readonly List<KvSequence> _rows = [];
    private readonly nint _logits;

    // With float activations MatMulNBits multiplies a lone row by another kernel than several rows, which changes the
    // last bits (measured); so a lone row is computed beside a row that nobody reads. With int8 activations all row
    // counts agree to the bit.
    private readonly int _leastRows;

    private RowBinding? _prefill;
    private KvSequence? _open;

    /// <summary>Builds the graph and the session.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape or type.</exception>
    public OnnxBackend(GgufFile file, ModelDescription model, Precision precision, int threads, int maxSequences, int contextLength)
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
            RopeBase = model.RopeBase,
            Epsilon = model.RmsEpsilon,
            Context = contextLength,
        };
        MaxSequences = maxSequences;
        Precision = precision == Inference.Precision.Exact ? "q4_0, float32 activations" : "q4_0, int8 activations";
        _weights = WeightImage.Load(file, model, threads);
        _leastRows = precision == Inference.Precision.Exact ? 2 : 1;
        _session = CreateSession(DecoderGraph.Build(_shape, _weights.Vectors, precision).ToByteArray(), threads);
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
    public KvSequence Open()
    {
        return _open = _open is null
            ? new KvSequence { Row = PrefillRow }
            : throw new InvalidOperationException("a sequence is being prefilled already");
    }

    /// <inheritdoc/>
    public KvSequence Fork(KvSequence source)
    {
        var fork = new KvSequence { Row = _rows.Count, Length = source.Length };
        _buffers.Copy(source.Row, fork.Row, source.Length);
        _rows.Add(fork);
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

        // The last row fills the gap, so that those in use stay neighbours.
        var last = _rows[^1];
        _rows.RemoveAt(_rows.Count - 1);
        if (last != sequence)
        {
            _buffers.Copy(last.Row, sequence.Row, last.Length);
            last.Row = sequence.Row;
            _rows[last.Row] = last;
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, int logitRows)
    {
        Reserve(sequence.Length + tokens.Length);
        _prefill ??= new RowBinding(_session, _shape, _buffers, PrefillRow, 1, MaxChunk, _logits);
        tokens.CopyTo(_prefill.Tokens(tokens.Length));
        sequence.Length += tokens.Length;
        _prefill.Positions[0] = sequence.Length - 1;
        _prefill.Run(tokens.Length, logitRows == 0 ? 0 : Math.Min(tokens.Length, Math.Max(logitRows, _leastRows)));
        var first = logitRows > 0 && tokens.Length > 1 ? Math.Max(0, _leastRows - logitRows) : 0;
        return new ReadOnlySpan<float>((float*)_logits + ((long)first * VocabularySize), logitRows * VocabularySize);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens)
    {
        var longest = 0;
        foreach (var sequence in batch)
        {
            longest = Math.Max(longest, sequence.Length);
        }

        Reserve(longest + 1);
        var rows = Math.Max(batch.Length, _leastRows);
        ref var binding = ref CollectionsMarshal.GetValueRefOrAddDefault(_decode, rows, out _);
        binding ??= new RowBinding(_session, _shape, _buffers, 0, rows, 1, _logits);
        for (var i = 0; i < batch.Length; i++)
        {
            binding.Tokens(1)[batch[i].Row] = tokens[i];
            binding.Positions[batch[i].Row] = batch[i].Length++;
        }

        binding.Run(1, rows);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(KvSequence sequence) =>
        new((float*)_logits + ((long)sequence.Row * VocabularySize), VocabularySize);

    /// <inheritdoc/>
    public KvBlock Save(KvSequence sequence, int start, int count) => _buffers.Save(sequence.Row, start, count);

    /// <inheritdoc/>
    public void Load(KvSequence sequence, KvBlock block, int count)
    {
        Reserve(sequence.Length + count);
        _buffers.Load(sequence.Row, sequence.Length, block, count);
        sequence.Length += count;
    }

    /// <inheritdoc/>
    public KvBlock Slice(KvBlock block, int start, int count) => _buffers.Slice(block, start, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        Unbind();
        _session.Dispose();
        _initializers.ForEach(value => value.Dispose());
        _buffers.Dispose();
        _weights.Dispose();
        NativeMemory.AlignedFree((void*)_logits);
    }

    // Behind those that are decoded, and one that fills a batch up.
    private int PrefillRow => MaxSequences + 1;

    private InferenceSession CreateSession(byte[] graph, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
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
        foreach (var (name, matrix) in _weights.Matrices)
        {
            var columns = name == WeightNames.Embedding
                ? new long[] { matrix.Rows, matrix.Columns / 2 }
                : [matrix.Rows, matrix.Columns / DecoderGraph.Block, DecoderGraph.Block / 2];
            Give(name, TensorElementType.UInt8, columns, matrix.Codes, matrix.CodeLength);
            Give(WeightNames.Scales(name), TensorElementType.Float, [matrix.Rows, matrix.Columns / DecoderGraph.Block], matrix.Scales, matrix.ScaleLength);
        }

        // Every constant of the graph is given above, but the file that it names must exist.
        var folder = Directory.CreateTempSubdirectory("o1coder-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, GraphBuilder.ExternalFile), []);
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder.FullName);
            return new InferenceSession(graph, options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Give(string name, TensorElementType type, long[] shape, nint data, long bytes)
        {
            var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, data, bytes);
            _initializers.Add(value);
            options.AddInitializer(name, value);
        }
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
        foreach (var binding in _decode.Values)
        {
            binding.Dispose();
        }

        _decode.Clear();
        _prefill?.Dispose();
        _prefill = null;
    }
}
