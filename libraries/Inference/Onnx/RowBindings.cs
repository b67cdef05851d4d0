using Microsoft.ML.OnnxRuntime;

namespace O1Coder.Inference.Onnx;

/// <summary>Bindings that are kept, for making one takes longer than a small step.</summary>
/// <param name="session">The graph of the model as it is; that of an adapter is its own.</param>
/// <param name="shape">Sizes.</param>
/// <param name="memory">Where the graph's large inputs lie.</param>
/// <param name="buffers">Keys and values.</param>
/// <param name="outputs">Where logits and hidden states go.</param>
/// <param name="most">Bindings that are kept at most; each takes some ten kilobytes.</param>
internal sealed class RowBindings(
    InferenceSession session, DecoderShape shape, TensorMemory memory, KvBuffers buffers, RowOutputs outputs, int most) : IDisposable
{
    private readonly Dictionary<Key, RowBinding> _bindings = [];

    /// <summary>The binding of some neighbouring rows.</summary>
    /// <param name="adapter">The adapter that computes them, or null.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="chunk">Tokens a row and step at most.</param>
    public RowBinding Get(AdapterImage? adapter, int firstRow, int rows, int chunk)
    {
        var key = new Key(adapter, firstRow, rows, chunk);
        if (!_bindings.TryGetValue(key, out var binding))
        {
            // With many adapters there are many combinations; those in use come back by themselves.
            if (_bindings.Count >= most)
            {
                Dispose();
            }

            binding = new RowBinding(adapter?.Session ?? session, shape, memory, buffers, firstRow, rows, chunk, outputs, adapter);
            _bindings.Add(key, binding);
        }

        return binding;
    }

    /// <summary>Frees those of an adapter.</summary>
    public void Remove(AdapterImage adapter)
    {
        foreach (var (key, binding) in _bindings)
        {
            if (key.Adapter == adapter)
            {
                binding.Dispose();
                _bindings.Remove(key);
            }
        }
    }

    /// <summary>Frees all, for good or before the buffers move.</summary>
    public void Dispose()
    {
        foreach (var binding in _bindings.Values)
        {
            binding.Dispose();
        }

        _bindings.Clear();
    }

    private readonly record struct Key(AdapterImage? Adapter, int FirstRow, int Rows, int Chunk);
}
