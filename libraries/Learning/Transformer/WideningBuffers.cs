using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>Where weights are widened to: one buffer a shape, shared by all layers.</summary>
internal sealed class WideningBuffers : IDisposable
{
    private readonly Dictionary<(long Rows, long Columns), Tensor> _buffers = [];

    /// <summary>A buffer of 32 bits; its content is whatever was there.</summary>
    public Tensor Get(long rows, long columns)
    {
        if (!_buffers.TryGetValue((rows, columns), out var buffer))
        {
            buffer = zeros(rows, columns).DetachFromDisposeScope();
            _buffers.Add((rows, columns), buffer);
        }

        return buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
