using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The graph's inputs and outputs bound to neighbouring rows of the buffers, once; a step only writes numbers into
/// them. Made again when the buffers grow.
/// </summary>
/// <remarks>
/// ONNX Runtime copies an input that lies elsewhere than where the graph reads it when it is bound, not when the graph runs.
/// So inputs lie where the graph reads them from the start, and a step's numbers are written on the host and brought there in
/// one piece before each run; the outputs that people want lie on the host, whither a run copies them before it returns.
/// </remarks>
internal sealed unsafe class RowBinding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly TensorMemory _memory;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly List<OrtValue> _values = [];
    private readonly RowOutputs _outputs;
    private readonly int _batch;

    // One allocation on the host and its like in the memory: indices of logits and hidden states (8 bytes each), token ids,
    // positions. Behind them on the host alone the total length, which every provider reads there.
    private readonly nint _inputs;
    private readonly nint _placed;
    private readonly long _bytes;
    private readonly long* _logitRows;
    private readonly long* _hiddenRows;
    private readonly int* _tokenIds;
    private readonly int* _positions;
    private readonly int* _total;
    private OrtValue? _boundTokens;
    private BoundRows _logits;
    private BoundRows _hidden;
    private int _length = -1;

    /// <summary>Binds rows [firstRow, firstRow + batch) for steps of at most <paramref name="chunk"/> tokens a row.</summary>
    /// <param name="session">The graph.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="memory">Where its large inputs lie.</param>
    /// <param name="buffers">Keys and values.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="batch">How many.</param>
    /// <param name="chunk">Tokens a row at most.</param>
    /// <param name="outputs">Where logits and hidden states go.</param>
    /// <param name="adapter">The adapter's matrices, which must live longer, or null if the graph has none.</param>
    public RowBinding(
        InferenceSession session,
        DecoderShape shape,
        TensorMemory memory,
        KvBuffers buffers,
        int firstRow,
        int batch,
        int chunk,
        RowOutputs outputs,
        AdapterImage? adapter)
    {
        (_session, _memory, _batch, _outputs) = (session, memory, batch, outputs);
        _binding = session.CreateIoBinding();
        var tokens = batch * chunk;
        var most = Math.Max(tokens, 2);
        _bytes = (2L * sizeof(long) * most) + (sizeof(int) * (tokens + batch));
        _inputs = (nint)NativeMemory.AllocZeroed((nuint)_bytes + sizeof(int));
        _placed = memory.IsHost ? _inputs : memory.Allocate(_bytes);
        _logitRows = (long*)_inputs;
        _hiddenRows = _logitRows + most;
        _tokenIds = (int*)(_hiddenRows + most);
        _positions = _tokenIds + tokens;
        _total = _positions + batch;

        _values.Add(BindInput("last_positions", TensorElementType.Int32, [batch], (nint)_positions, sizeof(int) * batch));
        var total = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Int32, [], (nint)_total, sizeof(int));
        _values.Add(total);
        _binding.BindInput("total_length", total);

        long[] cache = [batch, shape.KeyValueHeads, buffers.Capacity, shape.HeadSize];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            BindCache("keys", layer, buffers.Keys(layer, firstRow));
            BindCache("values", layer, buffers.Values(layer, firstRow));
        }

        foreach (var (name, value) in adapter?.Inputs ?? [])
        {
            _binding.BindInput(name, value);
        }

        // The same memory as past and present: the operator appends in place.
        void BindCache(string name, int layer, nint address)
        {
            var type = shape.HalfCache ? TensorElementType.Float16 : TensorElementType.Float;
            var value = OrtValue.CreateTensorValueWithData(memory.Info, type, cache, address, buffers.RowBytes * batch);
            _values.Add(value);
            _binding.BindInput($"past_{name}_{layer}", value);
            _binding.BindOutput($"{name}_{layer}", value);
        }
    }

    /// <summary>Token ids to write before a step, [batch, length].</summary>
    public Span<int> Tokens(int length) => new(_tokenIds, _batch * length);

    /// <summary>The index of each row's last token, to write before a step.</summary>
    public Span<int> Positions => new(_positions, _batch);

    /// <summary>
    /// Runs the graph on <paramref name="length"/> tokens a row, for the logits and the hidden states of some rows of the
    /// flattened [batch · length].
    /// </summary>
    public void Run(int length, ReadOnlySpan<int> logitRows, ReadOnlySpan<int> hiddenRows)
    {
        var longest = 0;
        foreach (var position in Positions)
        {
            longest = Math.Max(longest, position);
        }

        *_total = longest + 1;
        if (length != _length)
        {
            _boundTokens?.Dispose();
            _boundTokens = BindInput("token_ids", TensorElementType.Int32, [_batch, length], (nint)_tokenIds, sizeof(int) * _batch * length);
            _length = length;
        }

        BindRows(ref _logits, "logit_rows", "logits", _logitRows, logitRows, _outputs.Logits, _outputs.Vocabulary);
        BindRows(ref _hidden, "hidden_rows", "hidden", _hiddenRows, hiddenRows, _outputs.Hidden, _outputs.HiddenSize);
        if (_placed != _inputs)
        {
            _memory.Upload(_inputs, _placed, _bytes);
        }

        _memory.Settle();
        _session.RunWithBinding(_options, _binding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _options.Dispose();
        _values.ForEach(value => value.Dispose());
        _boundTokens?.Dispose();
        _logits.Dispose();
        _hidden.Dispose();
        if (_placed != _inputs)
        {
            _memory.Free(_placed);
        }

        NativeMemory.Free((void*)_inputs);
    }

    private void BindRows(ref BoundRows bound, string input, string output, long* indices, ReadOnlySpan<int> rows, nint results, int width)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            indices[i] = rows[i];
        }

        if (bound.Indices is not null && rows.Length == bound.Count)
        {
            return;
        }

        bound.Dispose();
        var values = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [rows.Length, width], results, (long)sizeof(float) * rows.Length * width);
        bound = new BoundRows(rows.Length, BindInput(input, TensorElementType.Int64, [rows.Length], (nint)indices, sizeof(long) * rows.Length), values);
        _binding.BindOutput(output, values);
    }

    // Of what is written on the host, the place where the graph reads it.
    private OrtValue BindInput(string name, TensorElementType type, long[] shape, nint host, long bytes)
    {
        var value = OrtValue.CreateTensorValueWithData(_memory.Info, type, shape, _placed + (host - _inputs), bytes);
        _binding.BindInput(name, value);
        return value;
    }

    private readonly record struct BoundRows(int Count, OrtValue? Indices, OrtValue? Results) : IDisposable
    {
        public void Dispose()
        {
            Indices?.Dispose();
            Results?.Dispose();
        }
    }
}
