using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// An adapter's matrices as the graph's inputs, in one allocation outside the managed heap. Per layer and adapted product:
/// A [chunks, inner, width], transposed and cut into chunks of at most 16 columns, and B [chunks · width, outer] with
/// scale and the graph's powers of 2 in it. Where products are fused, the parts' A lie behind each other and their B
/// on the diagonal. A layer without matrices for a product has a single column of zeros.
/// </summary>
internal sealed unsafe class AdapterImage : BackendAdapter, IDisposable
{
    private const int Width = 16;
    private const int Alignment = 16;

    private readonly List<(string Name, OrtValue Value)> _inputs = [];
    private readonly TensorMemory _memory;
    private nint _address;

    /// <summary>Lays an adapter out.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="shape">The model's sizes.</param>
    /// <param name="session">The graph that has inputs for the products that the adapter changes.</param>
    /// <param name="memory">Where it goes.</param>
    /// <exception cref="ArgumentException">A matrix does not fit the model; one line says which.</exception>
    public AdapterImage(LoraAdapter adapter, DecoderShape shape, InferenceSession session, TensorMemory memory)
    {
        (Session, _memory) = (session, memory);
        Check(adapter, shape);
        var bytes = Bytes(adapter, shape);
        _address = memory.Allocate(bytes);
        if (memory.IsHost)
        {
            PlaceAll(adapter, shape, (float*)_address);
            return;
        }

        var host = NativeMemory.AllocZeroed((nuint)bytes);
        PlaceAll(adapter, shape, (float*)host);
        memory.Upload((nint)host, _address, bytes);
        NativeMemory.Free(host);
    }

    /// <summary>The graph that has exactly these inputs.</summary>
    public InferenceSession Session { get; }

    /// <summary>The inputs by name.</summary>
    public IReadOnlyList<(string Name, OrtValue Value)> Inputs => _inputs;

    /// <summary>Whether it has been freed.</summary>
    public bool IsDisposed => _address == 0;

    /// <summary>The products to which an adapter adds in any layer.</summary>
    public static AdaptedProducts Adapted(LoraAdapter adapter) =>
        Products(adapter).Aggregate(AdaptedProducts.None, (all, product) => all | product);

    /// <summary>Bytes that an adapter takes.</summary>
    public static long Bytes(LoraAdapter adapter, DecoderShape shape)
    {
        var floats = 0L;
        foreach (var product in Products(adapter))
        {
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                var (chunks, width) = Chunks(adapter, product, layer);
                floats += Align((long)chunks * width * Inner(product, shape)) + Align((long)chunks * width * Outer(product, shape));
            }
        }

        return floats * sizeof(float);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs.ForEach(input => input.Value.Dispose());
        _inputs.Clear();
        _memory.Free(_address);
        _address = 0;
    }

    private static AdaptedProducts[] Products(LoraAdapter adapter) =>
        [.. adapter.Matrices.Keys.Select(key => Product(key.Projection)).Distinct().Order()];

    private static AdaptedProducts Product(Projection projection) => projection switch
    {
        Projection.Query or Projection.Key or Projection.Value => AdaptedProducts.QueryKeyValue,
        Projection.Output => AdaptedProducts.Output,
        Projection.Gate => AdaptedProducts.Gate,
        Projection.Up => AdaptedProducts.Up,
        _ => AdaptedProducts.Down,
    };

    // The parts of a product and their rows, in the order in which they lie.
    private static (Projection Projection, int Rows)[] Parts(AdaptedProducts product, DecoderShape shape) => product switch
    {
        AdaptedProducts.QueryKeyValue =>
        [
            (Projection.Query, shape.Heads * shape.HeadSize),
            (Projection.Key, shape.KeyValueHeads * shape.HeadSize),
            (Projection.Value, shape.KeyValueHeads * shape.HeadSize),
        ],
        AdaptedProducts.Output => [(Projection.Output, shape.Hidden)],
        AdaptedProducts.Gate => [(Projection.Gate, shape.FeedForward)],
        AdaptedProducts.Up => [(Projection.Up, shape.FeedForward)],
        _ => [(Projection.Down, shape.Hidden)],
    };

    private static int Inner(AdaptedProducts product, DecoderShape shape) => product switch
    {
        AdaptedProducts.Output => shape.Heads * shape.HeadSize,
        AdaptedProducts.Down => shape.FeedForward,
        _ => shape.Hidden,
    };

    private static int Outer(AdaptedProducts product, DecoderShape shape) => Parts(product, shape).Sum(part => part.Rows);

    private static (int Chunks, int Width) Chunks(LoraAdapter adapter, AdaptedProducts product, int layer)
    {
        var width = Math.Min(adapter.Rank, Width);
        var parts = adapter.Matrices.Keys.Count(key => key.Layer == layer && Product(key.Projection) == product);
        return parts == 0 ? (1, 1) : (parts * ((adapter.Rank + width - 1) / width), width);
    }

    private static long Align(long floats) => (floats + Alignment - 1) / Alignment * Alignment;

    private static void Check(LoraAdapter adapter, DecoderShape shape)
    {
        if (adapter.Matrices.Count == 0 || adapter.Rank < 1)
        {
            throw new ArgumentException(
                $"the adapter has {adapter.Matrices.Count} matrices of rank {adapter.Rank}: expected at least one of rank 1 or more",
                nameof(adapter));
        }

        foreach (var (key, matrices) in adapter.Matrices)
        {
            var product = Product(key.Projection);
            if (key.Layer < 0 || key.Layer >= shape.Layers)
            {
                throw new ArgumentException($"the adapter changes layer {key.Layer}: expected 0 to {shape.Layers - 1}", nameof(adapter));
            }

            var inner = Inner(product, shape);
            var outer = Parts(product, shape).First(part => part.Projection == key.Projection).Rows;
            if (matrices.A.Length != (long)adapter.Rank * inner || matrices.B.Length != (long)adapter.Rank * outer)
            {
                throw new ArgumentException(
                    $"the adapter's A and B of layer {key.Layer}, {key.Projection}, have {matrices.A.Length} and {matrices.B.Length} numbers: "
                    + $"expected rank {adapter.Rank} times {inner} and {outer}",
                    nameof(adapter));
            }
        }
    }

    private void PlaceAll(LoraAdapter adapter, DecoderShape shape, float* data)
    {
        var next = data;
        foreach (var product in Products(adapter))
        {
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                next = Place(adapter, shape, product, layer, data, next);
            }
        }
    }

    private float* Place(LoraAdapter adapter, DecoderShape shape, AdaptedProducts product, int layer, float* data, float* next)
    {
        var (inner, outer) = (Inner(product, shape), Outer(product, shape));
        var (chunks, width) = Chunks(adapter, product, layer);
        var (countA, countB) = ((long)chunks * inner * width, (long)chunks * width * outer);
        var a = next;
        var b = next + Align(countA);

        var scale = adapter.Scale / (DecoderGraph.AdapterAlpha * DecoderGraph.AdapterAlpha);
        var (row, column) = (0, 0);
        foreach (var (projection, rows) in Parts(product, shape))
        {
            if (adapter.Matrices.TryGetValue(new LoraKey(layer, projection), out var matrices))
            {
                for (var r = 0; r < adapter.Rank; r++)
                {
                    var chunk = a + ((long)((row + r) / width) * inner * width) + ((row + r) % width);
                    for (var i = 0; i < inner; i++)
                    {
                        chunk[(long)i * width] = matrices.A[((long)r * inner) + i];
                    }

                    var line = b + ((long)(row + r) * outer) + column;
                    for (var o = 0; o < rows; o++)
                    {
                        line[o] = matrices.B[((long)o * adapter.Rank) + r] * scale;
                    }
                }

                row += (adapter.Rank + width - 1) / width * width;
            }

            column += rows;
        }

        Add(WeightNames.AdapterDown(product, layer), [chunks, inner, width], a - data, countA);
        Add(WeightNames.AdapterUp(product, layer), [(long)chunks * width, outer], b - data, countB);
        return b + Align(countB);
    }

    private void Add(string name, long[] shape, long offset, long count) => _inputs.Add((name, OrtValue.CreateTensorValueWithData(
        _memory.Info, TensorElementType.Float, shape, _address + (nint)(offset * sizeof(float)), count * sizeof(float))));
}
