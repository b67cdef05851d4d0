using System.Runtime.InteropServices;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// Keys and values of all rows, per layer one buffer each of shape [rows, key-value heads, capacity, head size] in
/// float32, so that neighbouring rows form a batch and one row alone a batch of one, without copying.
/// </summary>
internal sealed unsafe class KvBuffers : IDisposable
{
    private readonly nint[] _buffers;
    private readonly int _rows;
    private readonly int _heads;
    private readonly int _headSize;

    /// <summary>Reserves the buffers.</summary>
    /// <param name="layers">Layers.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="heads">Key-value heads.</param>
    /// <param name="headSize">Floats a head and token.</param>
    /// <param name="capacity">Tokens a row at first.</param>
    public KvBuffers(int layers, int rows, int heads, int headSize, int capacity)
    {
        (_rows, _heads, _headSize, Capacity) = (rows, heads, headSize, capacity);
        _buffers = new nint[2 * layers];
        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = Allocate(capacity);
        }
    }

    /// <summary>Tokens that a row holds.</summary>
    public int Capacity { get; private set; }

    /// <summary>Bytes of one buffer.</summary>
    public long BufferBytes => BytesFor(Capacity);

    /// <summary>Bytes of one row of one buffer.</summary>
    public long RowBytes => HeadBytes * _heads;

    /// <summary>Bytes that one token takes over all layers.</summary>
    public long BytesPerToken => (long)_buffers.Length * _heads * TokenBytes;

    private long HeadBytes => Capacity * TokenBytes;

    private long TokenBytes => (long)_headSize * sizeof(float);

    /// <summary>The keys of a layer from a row on.</summary>
    public nint Keys(int layer, int row) => _buffers[2 * layer] + (nint)(row * RowBytes);

    /// <summary>The values of a layer from a row on.</summary>
    public nint Values(int layer, int row) => _buffers[(2 * layer) + 1] + (nint)(row * RowBytes);

    /// <summary>Enlarges every row. Addresses change.</summary>
    public void Grow(int capacity)
    {
        var bytes = HeadBytes;
        for (var i = 0; i < _buffers.Length; i++)
        {
            var grown = Allocate(capacity);
            for (var head = 0; head < _rows * _heads; head++)
            {
                Buffer.MemoryCopy(
                    (void*)(_buffers[i] + (nint)(head * bytes)), (void*)(grown + (nint)(head * capacity * TokenBytes)), bytes, bytes);
            }

            NativeMemory.Free((void*)_buffers[i]);
            _buffers[i] = grown;
        }

        Capacity = capacity;
    }

    /// <summary>Copies the first tokens of a row to another.</summary>
    public void Copy(int from, int to, int tokens)
    {
        var bytes = tokens * TokenBytes;
        foreach (var buffer in _buffers)
        {
            for (var head = 0; head < _heads; head++)
            {
                Buffer.MemoryCopy(Head(buffer, from, head, 0), Head(buffer, to, head, 0), bytes, bytes);
            }
        }
    }

    /// <summary>Copies tokens [start, start + count) of a row into a new block: [buffers, heads, count, head size].</summary>
    public KvCopy Save(int row, int start, int count)
    {
        var block = new KvCopy(count, count * BytesPerToken);
        var bytes = count * TokenBytes;
        var at = block.Address;
        foreach (var buffer in _buffers)
        {
            for (var head = 0; head < _heads; head++, at += (nint)bytes)
            {
                Buffer.MemoryCopy(Head(buffer, row, head, start), (void*)at, bytes, bytes);
            }
        }

        return block;
    }

    /// <summary>Copies tokens [start, start + count) of a block into a new one.</summary>
    public KvCopy Slice(KvCopy block, int start, int count)
    {
        var slice = new KvCopy(count, count * BytesPerToken);
        var bytes = count * TokenBytes;
        for (var part = 0; part < _buffers.Length * _heads; part++)
        {
            var from = block.Address + (nint)(((part * (long)block.Tokens) + start) * TokenBytes);
            Buffer.MemoryCopy((void*)from, (void*)(slice.Address + (nint)(part * bytes)), bytes, bytes);
        }

        return slice;
    }

    /// <summary>Copies the first tokens of a block to tokens [start, start + count) of a row.</summary>
    public void Load(int row, int start, KvCopy block, int count)
    {
        var at = block.Address;
        var bytes = count * TokenBytes;
        foreach (var buffer in _buffers)
        {
            for (var head = 0; head < _heads; head++, at += (nint)(block.Tokens * TokenBytes))
            {
                Buffer.MemoryCopy((void*)at, Head(buffer, row, head, start), bytes, bytes);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ref var buffer in _buffers.AsSpan())
        {
            NativeMemory.Free((void*)buffer);
            buffer = 0;
        }
    }

    private void* Head(nint buffer, int row, int head, int token) =>
        (void*)(buffer + (nint)((((row * (long)_heads) + head) * HeadBytes) + (token * TokenBytes)));

    private long BytesFor(int capacity) => _rows * (long)_heads * capacity * TokenBytes;

    // Zeroed, so that what lies behind a row's length is a number: attention weighs it with 0. Pages that no row
    // reaches are never touched and cost nothing.
    private nint Allocate(int capacity) => (nint)NativeMemory.AllocZeroed((nuint)BytesFor(capacity));
}
