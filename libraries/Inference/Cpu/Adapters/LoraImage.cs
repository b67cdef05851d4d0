using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>An adapter as the back end computes with it: its factors, in one allocation outside the managed heap.</summary>
internal sealed unsafe class LoraImage : BackendAdapter, IDisposable
{
    private const int Alignment = 64;

    private static readonly int s_projections = Enum.GetValues<Projection>().Length;

    private readonly LoraFactors?[] _factors;
    private byte* _data;

    /// <summary>Lays an adapter out.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model that it changes.</param>
    /// <param name="kernels">What computes with it, and says how numbers are held.</param>
    /// <param name="order">Orders adapters among each other.</param>
    /// <exception cref="ArgumentException">A matrix does not fit the model; one line says which.</exception>
    public LoraImage(LoraAdapter adapter, ModelDescription model, LoraKernels kernels, long order)
    {
        Check(adapter, model);
        (Rank, Order) = (adapter.Rank, order);
        _factors = new LoraFactors?[model.Layers * s_projections];
        _data = PanelMemory.Allocate(SizeOf(adapter, kernels));
        var next = _data;
        foreach (var (key, matrices) in adapter.Matrices)
        {
            var factors = new LoraFactors(Rank, model.InputSize(key.Projection), model.OutputSize(key.Projection))
            {
                A = Take(matrices.A.Length * kernels.Bytes),
                Scales = (float*)Take(Rank * sizeof(float)),
                B = Take(matrices.B.Length * kernels.Bytes),
            };
            Fill(factors, matrices, adapter.Scale, kernels);
            _factors[Index(key.Layer, key.Projection)] = factors;
        }

        byte* Take(long bytes)
        {
            var taken = next;
            next += Align(bytes);
            return taken;
        }
    }

    /// <summary>Its rank.</summary>
    public int Rank { get; }

    /// <summary>Orders adapters among each other.</summary>
    public long Order { get; }

    /// <summary>Whether it has been freed.</summary>
    public bool IsDisposed => _data is null;

    /// <summary>Bytes that an adapter takes.</summary>
    public static long SizeOf(LoraAdapter adapter, LoraKernels kernels) => adapter.Matrices.Values.Sum(matrices =>
        Align(matrices.A.Length * kernels.Bytes) + Align(adapter.Rank * sizeof(float)) + Align(matrices.B.Length * kernels.Bytes));

    /// <summary>What it adds to a projection, or null.</summary>
    public LoraFactors? Factors(int layer, Projection projection) => _factors[Index(layer, projection)];

    /// <inheritdoc/>
    public void Dispose()
    {
        PanelMemory.Free(_data);
        _data = null;
    }

    /// <summary>Writes the codes and scales of one matrix.</summary>
    internal static void Fill(LoraFactors factors, LoraMatrices matrices, float scale, LoraKernels kernels)
    {
        var (rank, b) = (factors.Rank, new float[factors.Outputs]);
        for (var r = 0; r < rank; r++)
        {
            var a = matrices.A.AsSpan(r * factors.Inputs, factors.Inputs);
            for (var i = 0; i < b.Length; i++)
            {
                b[i] = matrices.B[((long)i * rank) + r] * scale;
            }

            var (scaleOfA, scaleOfB) = (kernels.Scale(Largest(a)), kernels.Scale(Largest(b)));
            factors.Scales[r] = scaleOfA * scaleOfB;
            kernels.Put(a, scaleOfA, factors.A + ((long)r * factors.Inputs * kernels.Bytes));
            for (var first = 0; first < b.Length; first += LoraFactors.TileOutputs)
            {
                var width = factors.TileWidth(first);
                kernels.Put(b.AsSpan(first, width), scaleOfB, factors.B + ((factors.Offset(first) + ((long)r * width)) * kernels.Bytes));
            }
        }
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        return largest;
    }

    private static int Index(int layer, Projection projection) => (layer * s_projections) + (int)projection;

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

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
