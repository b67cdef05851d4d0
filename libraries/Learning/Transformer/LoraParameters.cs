using System.Runtime.InteropServices;
using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// An adapter's factors in one flat tensor of 32 bits, their gradient in another, so that the optimiser works on whole
/// tensors and a checkpoint is a copy. Of projections that share an input the A's lie one behind the other.
/// </summary>
internal sealed class LoraParameters : IDisposable
{
    private static readonly Projection[][] s_groups =
        [[Projection.Query, Projection.Key, Projection.Value], [Projection.Output], [Projection.Gate, Projection.Up], [Projection.Down]];

    private readonly LoraAdapter _shape;
    private readonly ScalarType _computedType;
    private readonly Tensor _computed;
    private readonly List<Tensor> _views = [];
    private readonly Dictionary<LoraKey, LoraSlot> _slots = [];
    private readonly List<(LoraKey Key, long A, long B)> _places = [];

    /// <summary>Takes an adapter's factors over.</summary>
    /// <param name="model">The model that it is for.</param>
    /// <param name="adapter">The adapter; it fits the model.</param>
    /// <param name="computed">The products' type.</param>
    /// <param name="trainable">Whether there is a gradient.</param>
    public LoraParameters(ModelDescription model, LoraAdapter adapter, ScalarType computed, bool trainable)
    {
        _shape = adapter;
        _computedType = computed;
        var length = 0L;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var group in s_groups)
            {
                var present = group.Where(projection => adapter.Matrices.ContainsKey(new(layer, projection))).ToList();
                var a = length;
                length += present.Sum(projection => (long)adapter.Rank * model.InputSize(projection));
                foreach (var projection in present)
                {
                    _places.Add((new(layer, projection), a, length));
                    a += (long)adapter.Rank * model.InputSize(projection);
                    length += (long)adapter.Rank * model.OutputSize(projection);
                }
            }
        }

        Values = Keep(zeros(length));
        Gradient = Keep(zeros(trainable ? length : 0));
        _computed = computed == ScalarType.Float32 ? Values : Keep(zeros(length, dtype: computed));
        foreach (var (key, a, b) in _places)
        {
            var pair = adapter.Matrices[key];
            Tensor View(Tensor flat, long start, int elements, long rows, long columns) =>
                flat.numel() == 0 ? flat : Own(flat.narrow(0, start, elements).view(rows, columns));
            Tensor ViewA(Tensor flat) => View(flat, a, pair.A.Length, Rank, model.InputSize(key.Projection));
            Tensor ViewB(Tensor flat) => View(flat, b, pair.B.Length, model.OutputSize(key.Projection), Rank);
            _slots.Add(key, new(
                key.Projection, ViewA(Values), ViewB(Values), ViewA(Gradient), ViewB(Gradient), ViewA(_computed), ViewB(_computed)));
        }

        Take(adapter);
    }

    /// <summary>All factors, [elements], 32 bits.</summary>
    public Tensor Values { get; }

    /// <summary>Their gradient, [elements] or empty.</summary>
    public Tensor Gradient { get; }

    /// <summary>The rank.</summary>
    public int Rank => _shape.Rank;

    /// <summary>What B·A is multiplied by.</summary>
    public float Scale => _shape.Scale;

    /// <summary>The slots of some projections of a layer that are adapted, in the order given.</summary>
    public IReadOnlyList<LoraSlot> Slots(int layer, params ReadOnlySpan<Projection> projections)
    {
        var slots = new List<LoraSlot>();
        foreach (var projection in projections)
        {
            if (_slots.TryGetValue(new(layer, projection), out var slot))
            {
                slots.Add(slot);
            }
        }

        return slots;
    }

    /// <summary>A view over the A's of slots that lie one behind the other, [rank · slots, in]; the caller disposes of it.</summary>
    public Tensor Stack(IReadOnlyList<LoraSlot> slots, Func<LoraSlot, Tensor> factor)
    {
        var first = factor(slots[0]);
        return first.as_strided([slots.Count * (long)Rank, first.size(1)], [first.size(1), 1], first.storage_offset());
    }

    /// <summary>Takes another adapter's factors over, of the same shape.</summary>
    public void Take(LoraAdapter adapter)
    {
        var values = Elements(Values);
        foreach (var (key, a, b) in _places)
        {
            adapter.Matrices[key].A.CopyTo(values[(int)a..]);
            adapter.Matrices[key].B.CopyTo(values[(int)b..]);
        }

        Round();
    }

    /// <summary>Rounds the factors to the products' type, after they have moved.</summary>
    public void Round()
    {
        if (_computedType != ScalarType.Float32)
        {
            _computed.copy_(Values);
        }
    }

    /// <summary>The adapter as it is now.</summary>
    public LoraAdapter ToAdapter()
    {
        var values = Elements(Values);
        var matrices = new Dictionary<LoraKey, LoraMatrices>();
        foreach (var (key, a, b) in _places)
        {
            var pair = _shape.Matrices[key];
            matrices.Add(key, new(values.Slice((int)a, pair.A.Length).ToArray(), values.Slice((int)b, pair.B.Length).ToArray()));
        }

        return new(_shape.Rank, _shape.Alpha, _shape.RankStabilized, matrices);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _views.ForEach(view => view.Dispose());
        _views.Clear();
    }

    /// <summary>A contiguous tensor's floats in place.</summary>
    internal static Span<float> Elements(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private Tensor Own(Tensor view)
    {
        _views.Add(view.DetachFromDisposeScope());
        return view;
    }

    private Tensor Keep(Tensor tensor)
    {
        // Disposed of after the views of it.
        _views.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
