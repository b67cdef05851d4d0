using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>An adapter as the back end computes with it: its factors as floats, in one allocation outside the managed heap.</summary>
internal sealed unsafe class LoraImage : BackendAdapter, IDisposable
{
    private const int Alignment = 16;

    private static readonly int s_projections = Enum.GetValues<Projection>().Length;

    private readonly LoraFactors?[] _factors;
    private float* _data;

    /// <summary>Lays an adapter out.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model that it changes.</param>
    /// <param name="order">Orders adapters among each other.</param>
    /// <exception cref="ArgumentException">A matrix does not fit the model; one line says which.</exception>
    public LoraImage(LoraAdapter adapter, ModelDescription model, long order)
    {
        Check(adapter, model);
        (Rank, Order) = (adapter.Rank, order);
        _factors = new LoraFactors?[model.Layers * s_projections];
        _data = (float*)PanelMemory.Allocate(SizeOf(adapter));
        var next = _data;
        foreach (var (key, matrices) in adapter.Matrices)
        {
            var (inputs, outputs) = (model.InputSize(key.Projection), model.OutputSize(key.Projection));
            var a = next;
            var b = next + Align(matrices.A.Length);
            next = b + Align(matrices.B.Length);
            matrices.A.CopyTo(new Span<float>(a, matrices.A.Length));
            for (var output = 0; output < outputs; output++)
            {
                var to = b + LoraFactors.Offset(output, Rank);
                var width = LoraFactors.TileWidth(output, outputs);
                for (var r = 0; r < Rank; r++)
                {
                    to[r * width] = matrices.B[((long)output * Rank) + r] * adapter.Scale;
                }
            }

            _factors[Index(key.Layer, key.Projection)] = new LoraFactors(a, b, inputs, outputs);
        }
    }

    /// <summary>Its rank.</summary>
    public int Rank { get; }

    /// <summary>Orders adapters among each other.</summary>
    public long Order { get; }

    /// <summary>Whether it has been freed.</summary>
    public bool IsDisposed => _data is null;

    /// <summary>Bytes that an adapter takes.</summary>
    public static long SizeOf(LoraAdapter adapter) =>
        adapter.Matrices.Values.Sum(matrices => Align(matrices.A.Length) + Align(matrices.B.Length)) * sizeof(float);

    /// <summary>What it adds to a projection, or null.</summary>
    public LoraFactors? Factors(int layer, Projection projection) => _factors[Index(layer, projection)];

    /// <inheritdoc/>
    public void Dispose()
    {
        PanelMemory.Free((byte*)_data);
        _data = null;
    }

    private static int Index(int layer, Projection projection) => (layer * s_projections) + (int)projection;

    private static long Align(long floats) => (floats + Alignment - 1) / Alignment * Alignment;

    private static void Check(LoraAdapter adapter, ModelDescription model)
    {
        foreach (var (key, matrices) in adapter.Matrices)
        {
            if (key.Layer < 0 || key.Layer >= model.Layers)
            {
                throw new ArgumentException($"the adapter changes layer {key.Layer}: expected 0 to {model.Layers - 1}", nameof(adapter));
            }

            var (inputs, outputs) = (model.InputSize(key.Projection), model.OutputSize(key.Projection));
            if (matrices.A.Length != (long)adapter.Rank * inputs || matrices.B.Length != (long)adapter.Rank * outputs)
            {
                throw new ArgumentException(
                    $"the adapter's A and B of layer {key.Layer}, {key.Projection}, have {matrices.A.Length} and {matrices.B.Length} numbers: "
                    + $"expected rank {adapter.Rank} times {inputs} and {outputs}",
                    nameof(adapter));
            }
        }
    }
}
