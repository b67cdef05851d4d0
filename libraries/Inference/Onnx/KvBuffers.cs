namespace O1Coder.Inference.Onnx;

/// <summary>
/// Keys and values of all rows, per layer one buffer each of shape [rows, key-value heads, capacity, head size], so that
/// neighbouring rows form a batch and one row alone a batch of one, without copying. All copies stay within their memory: on
/// a device a fork or a block never passes through the host.
/// </summary>
internal sealed class KvBuffers : IDisposable
{
    private readonly TensorMemory _memory;
    private readonly nint[] _buffers;
    private readonly int _rows;
    private readonly int _heads;

    /// <summary>Reserves the buffers.</summary>
    /// <param name="memory">Where they lie.</param>
    /// <param name="shape">Layers, heads and elements.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="capacity">Tokens a row at first.</param>
    public KvBuffers(TensorMemory memory, DecoderShape shape, int rows, int capacity)
    {
        (_memory, _rows, _heads, Capacity) = (memory, rows, shape.KeyValueHeads, capacity);
        TokenBytes = (long)shape.HeadSize * (shape.HalfCache ? sizeof(ushort) : sizeof(float));
        _buffers = new nint[2 * shape.Layers];
        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = Allocate(capacity);
        }
    }

    /// <summary>Tokens that a row holds.</summary>
    public int Capacity { get; private set; }

    /// <summary>Bytes of one row of one buffer.</summary>
    public long RowBytes => HeadBytes * _heads;

    /// <summary>Bytes that one token takes over all layers.</summary>
    public long BytesPerToken => _buffers.Length * _heads * TokenBytes;

    private long HeadBytes => Capacity * TokenBytes;

    private long TokenBytes { get; }

    /// <summary>The keys of a layer from a row on.</summary>
    public nint Keys(int layer, int row) => Head(_buffers[2 * layer], row, 0);

    /// <summary>The values of a layer from a row on.</summary>
    public nint Values(int layer, int row) => Head(_buffers[(2 * layer) + 1], row, 0);

    /// <summary>Enlarges every row. Addresses change.</summary>
    public void Grow(int capacity)
    {
        for (var i = 0; i < _buffers.Length; i++)
        {
            var grown = Allocate(capacity);
            _memory.Copy(_buffers[i], HeadBytes, grown, capacity * TokenBytes, HeadBytes, _rows * (long)_heads);
            _memory.Settle();
            _memory.Free(_buffers[i]);
            _buffers[i] = grown;
        }

        Capacity = capacity;
    }

    /// <summary>Copies the first tokens of a row to another.</summary>
    public void Copy(int from, int to, int tokens)
    {
        if (tokens == 0)
        {
            return;
        }

        foreach (var buffer in _buffers)
        {
            _memory.Copy(Head(buffer, from, 0), HeadBytes, Head(buffer, to, 0), HeadBytes, tokens * TokenBytes, _heads);
        }
    }

    /// <summary>Copies tokens [start, start + count) of a row into a new block: [buffers, heads, count, head size].</summary>
    public KvCopy Save(int row, int start, int count)
    {
        var block = new KvCopy(_memory, count, count * BytesPerToken);
        var bytes = count * TokenBytes;
        var at = block.Address;
        foreach (var buffer in _buffers)
        {
            _memory.Copy(Head(buffer, row, start), HeadBytes, at, bytes, bytes, _heads);
            at += (nint)(_heads * bytes);
        }

        return block;
    }

    /// <summary>Copies tokens [start, start + count) of a block into a new one.</summary>
    public KvCopy Slice(KvCopy block, int start, int count)
    {
        var slice = new KvCopy(_memory, count, count * BytesPerToken);
        var bytes = count * TokenBytes;
        _memory.Copy(
            block.Address + (nint)(start * TokenBytes), block.Tokens * TokenBytes, slice.Address, bytes, bytes, _buffers.Length * (long)_heads);
        return slice;
    }

    /// <summary>Copies the first tokens of a block to tokens [start, start + count) of a row.</summary>
    public void Load(int row, int start, KvCopy block, int count)
    {
        var stride = block.Tokens * TokenBytes;
        var at = block.Address;
        foreach (var buffer in _buffers)
        {
            _memory.Copy(at, stride, Head(buffer, row, start), HeadBytes, count * TokenBytes, _heads);
            at += (nint)(_heads * stride);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ref var buffer in _buffers.AsSpan())
        {
            _memory.Free(buffer);
            buffer = 0;
        }
    }

    // The first head of a row, from a token on; the row's other heads follow at a distance of HeadBytes.
    private nint Head(nint buffer, int row, int token) => buffer + (nint)((row * RowBytes) + (token * TokenBytes));

    // Zeros, so that what lies behind a row's length is a number: attention weighs it with 0.
    private nint Allocate(int capacity) => _memory.Allocate(_rows * (long)_heads * capacity * TokenBytes);
}
