using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// What adapters add to a product, for the rows of each adapter together: first x·Aᵀ, which runs beside the product, then
/// (x·Aᵀ)·Bᵀ, which is added to its result, any rows and columns at a time. Rows without an adapter are not touched. Each
/// element is computed in an order of its own, whatever the rows.
/// </summary>
/// <param name="kernels">Row kernels.</param>
/// <param name="maxRows">Rows of a step at most.</param>
internal sealed unsafe class LoraProducts(RowKernels kernels, int maxRows) : IDisposable
{
    // What one thread takes at a time.
    private const int RowsAtOnce = 32;
    private const int RanksAtOnce = 8;

    // Queries, keys and values are the most projections that one product fuses.
    private const int MaxProjections = 3;

    private readonly List<(LoraImage Adapter, int First, int Count)> _runs = [];
    private readonly List<Piece> _down = [];
    private (Projection Projection, int Column)[] _projections = [];
    private int _layer;
    private float* _inner;
    private long _innerFloats;
    private int _rank;
    private ActivationRows _x = null!;
    private float* _y;
    private long _stride;

    /// <summary>Chunks of x·Aᵀ of the product that was begun last.</summary>
    public int DownChunks => _down.Count;

    /// <summary>Says which adapters the rows of a step have.</summary>
    public void Arrange(ReadOnlySpan<RowPlace> rows)
    {
        _runs.Clear();
        _rank = 0;
        for (var first = 0; first < rows.Length;)
        {
            var adapter = rows[first].Sequence.Lora;
            var end = first + 1;
            while (end < rows.Length && rows[end].Sequence.Lora == adapter)
            {
                end++;
            }

            if (adapter is not null)
            {
                _runs.Add((adapter, first, end - first));
                _rank = Math.Max(_rank, adapter.Rank);
            }

            first = end;
        }

        var wanted = (long)maxRows * MaxProjections * _rank;
        if (wanted > _innerFloats)
        {
            NativeMemory.AlignedFree(_inner);
            _inner = (float*)NativeMemory.AlignedAlloc((nuint)(wanted * sizeof(float)), 64);
            _innerFloats = wanted;
        }
    }

    /// <summary>Begins a product.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="projections">The projections that it fuses, and each one's first column, ascending.</param>
    /// <param name="x">What is multiplied.</param>
    /// <param name="y">The first row's result.</param>
    /// <param name="stride">Floats to the next row's.</param>
    public void Begin(int layer, (Projection Projection, int Column)[] projections, ActivationRows x, float* y, long stride)
    {
        (_layer, _projections, _x, _stride) = (layer, projections, x, stride);
        _y = y;
        _down.Clear();
        foreach (var (adapter, first, count) in _runs)
        {
            for (var slot = 0; slot < projections.Length; slot++)
            {
                if (adapter.Factors(layer, projections[slot].Projection) is { } factors)
                {
                    for (var row = first; row < first + count; row += RowsAtOnce)
                    {
                        for (var rank = 0; rank < adapter.Rank; rank += RanksAtOnce)
                        {
                            _down.Add(new Piece(
                                factors, row, Math.Min(RowsAtOnce, first + count - row), slot, rank, Math.Min(RanksAtOnce, adapter.Rank - rank)));
                        }
                    }
                }
            }
        }
    }

    /// <summary>Computes a chunk of x·Aᵀ.</summary>
    public void Down(int chunk)
    {
        var piece = _down[chunk];
        var a = piece.Factors.A + ((long)piece.FirstRank * piece.Factors.Inputs);
        for (var row = piece.FirstRow; row < piece.FirstRow + piece.Rows; row++)
        {
            kernels.Dots(a, piece.Ranks, piece.Factors.Inputs, _x.Row(row), Inner(row, piece.Slot) + piece.FirstRank);
        }
    }

    /// <summary>Adds to a part of the product's results, when all of <see cref="Down"/> and that part are done.</summary>
    public void Add(in RowsAndColumns part)
    {
        foreach (var (adapter, first, count) in _runs)
        {
            var (begin, end) = (Math.Max(first, part.Row), Math.Min(first + count, part.Row + part.Rows));
            for (var slot = 0; slot < _projections.Length && begin < end; slot++)
            {
                if (adapter.Factors(_layer, _projections[slot].Projection) is { } factors)
                {
                    Add(factors, adapter.Rank, slot, begin, end, part);
                }
            }
        }
    }

    private void Add(LoraFactors factors, int rank, int slot, int firstRow, int endRow, in RowsAndColumns part)
    {
        var column = _projections[slot].Column;
        var (begin, end) = (Math.Max(column, part.Column), Math.Min(column + factors.Outputs, part.Column + part.Columns));
        for (int output = begin - column, next; output < end - column; output = next)
        {
            // A tile stays in the first-level cache while the rows pass by.
            next = Math.Min(((output / LoraFactors.TileOutputs) + 1) * LoraFactors.TileOutputs, end - column);
            var b = factors.B + LoraFactors.Offset(output, rank);
            for (var row = firstRow; row < endRow; row++)
            {
                kernels.AddCombination(
                    Inner(row, slot), rank, b, factors.TileWidth(output), next - output, _y + (row * _stride) + column + output);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_inner);
        _inner = null;
    }

    private float* Inner(int row, int slot) => _inner + ((((long)row * MaxProjections) + slot) * _rank);

    // Some rows of one adapter, and some ranks of A.
    private readonly record struct Piece(LoraFactors Factors, int FirstRow, int Rows, int Slot, int FirstRank, int Ranks);
}
