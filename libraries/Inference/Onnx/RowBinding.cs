using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The graph's inputs and outputs bound to neighbouring rows of the buffers, once; a step only writes numbers into
/// them. Made again when the buffers grow.
/// </summary>
internal sealed unsafe class RowBinding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly List<OrtValue> _values = [];
    private readonly int _batch;
    private readonly int _vocabulary;
    private readonly nint _logits;

    // One allocation: row indices (8 bytes each), token ids, positions, total length.
    private readonly long* _rowIndices;
    private readonly int* _tokenIds;
    private readonly int* _positions;
    private readonly int* _total;
    private OrtValue? _boundTokens;
    private OrtValue? _boundRows;
    private OrtValue? _boundLogits;
    private int _length = -1;
    private int _rows = -1;

    /// <summary>Binds rows [firstRow, firstRow + batch) for steps of at most <paramref name="chunk"/> tokens a row.</summary>
    /// <param name="session">The graph.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="buffers">Keys and values.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="batch">How many.</param>
    /// <param name="chunk">Tokens a row at most.</param>
    /// <param name="logits">Where logits go.</param>
    /// <param name="adapter">The adapter's matrices, which must live longer, or null if the graph has none.</param>
    public RowBinding(
        InferenceSession session,
        DecoderShape shape,
        KvBuffers buffers,
        int firstRow,
        int batch,
        int chunk,
        nint logits,
        AdapterImage? adapter)
    {
        (_session, _batch, _vocabulary, _logits) = (session, batch, shape.Vocabulary, logits);
        _binding = session.CreateIoBinding();
        var tokens = batch * chunk;
        _rowIndices = (long*)NativeMemory.AllocZeroed((nuint)((sizeof(long) * Math.Max(tokens, 2)) + (sizeof(int) * (tokens + batch + 1))));
        _tokenIds = (int*)(_rowIndices + Math.Max(tokens, 2));
        _positions = _tokenIds + tokens;
        _total = _positions + batch;

        Bind("last_positions", TensorElementType.Int32, [batch], (nint)_positions, sizeof(int) * batch);
        Bind("total_length", TensorElementType.Int32, [], (nint)_total, sizeof(int));
        long[] cache = [batch, shape.KeyValueHeads, buffers.Capacity, shape.HeadSize];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            // The same memory as past and present: the operator appends in place.
            var bytes = buffers.RowBytes * batch;
            _binding.BindOutput($"keys_{layer}", Bind($"past_keys_{layer}", TensorElementType.Float, cache, buffers.Keys(layer, firstRow), bytes));
            _binding.BindOutput($"values_{layer}", Bind($"past_values_{layer}", TensorElementType.Float, cache, buffers.Values(layer, firstRow), bytes));
        }

        foreach (var (name, value) in adapter?.Inputs ?? [])
        {
            _binding.BindInput(name, value);
        }
    }

    /// <summary>Token ids to write before a step, [batch, length].</summary>
    public Span<int> Tokens(int length) => new(_tokenIds, _batch * length);

    /// <summary>The index of each row's last token, to write before a step.</summary>
    public Span<int> Positions => new(_positions, _batch);

    /// <summary>Runs the graph on <paramref name="length"/> tokens a row; logits of some rows of the flattened [batch · length].</summary>
    public void Run(int length, ReadOnlySpan<int> logitRows)
    {
        var longest = 0;
        foreach (var position in Positions)
        {
            longest = Math.Max(longest, position);
        }

        *_total = longest + 1;
        var tokens = _batch * length;
        if (length != _length)
        {
            _boundTokens?.Dispose();
            _boundTokens = Value(TensorElementType.Int32, [_batch, length], (nint)_tokenIds, sizeof(int) * tokens);
            _binding.BindInput("token_ids", _boundTokens);
        }

        var rows = logitRows.Length;
        for (var i = 0; i < rows; i++)
        {
            _rowIndices[i] = logitRows[i];
        }

        if (rows != _rows)
        {
            _boundRows?.Dispose();
            _boundLogits?.Dispose();
            _boundRows = Value(TensorElementType.Int64, [rows], (nint)_rowIndices, sizeof(long) * rows);
            _boundLogits = Value(TensorElementType.Float, [rows, _vocabulary], _logits, (long)sizeof(float) * rows * _vocabulary);
            _binding.BindInput("logit_rows", _boundRows);
            _binding.BindOutput("logits", _boundLogits);
        }

        (_length, _rows) = (length, rows);
        _session.RunWithBinding(_options, _binding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _options.Dispose();
        _values.ForEach(value => value.Dispose());
        _boundTokens?.Dispose();
        _boundRows?.Dispose();
        _boundLogits?.Dispose();
        NativeMemory.Free(_rowIndices);
    }

    private OrtValue Bind(string name, TensorElementType type, long[] shape, nint data, long bytes)
    {
        var value = Value(type, shape, data, bytes);
        _values.Add(value);
        _binding.BindInput(name, value);
        return value;
    }

    private static OrtValue Value(TensorElementType type, long[] shape, nint data, long bytes) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, data, bytes);
}
