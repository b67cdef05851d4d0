using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// What adapters add to a product, for the rows of each adapter together: first x·Aᵀ, which runs beside the product, then
/// (x·Aᵀ)·Bᵀ, which is added to its result. Rows without an adapter are not touched. Each element is computed in an order of
/// its own, whatever the rows.
/// </summary>
/// <param name="kernels">Row kernels.</param>
/// <param name="maxRows">Rows of a step at most.</param>
internal sealed unsafe class LoraProducts(RowKernels kernels, int maxRows) : IDisposable
{
    // What one thread takes at a time.
    private const int RowsAtOnce = 32;
    private const int RanksAtOnce = 8;
    private const int ColumnsAtOnce = 512;

    // Queries, keys and values are the most projections that one product fuses.
    private const int MaxProjections = 3;

    private readonly List<(LoraImage Adapter, int First, int Count)> _runs = [];
    private readonly List<Piece> _down = [];
    private readonly List<Piece> _up = [];
    private float* _inner;
    private long _innerFloats;
    private int _rank;
    private ActivationRows _x = null!;
    private float* _y;
    private long _stride;

    /// <summary>Chunks of x·Aᵀ of the product that was begun last.</summary>
    public int DownChunks => _down.Count;

    /// <summary>Chunks of what is added to its result.</summary>
    public int UpChunks => _up.Count;

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
    /// <param name="projections">The projections that it fuses, and each one's first output.</param>
    /// <param name="x">What is multiplied.</param>
    /// <param name="y">The first row's result.</param>
    /// <param name="stride">Floats to the next row's.</param>
    public void Begin(int layer, ReadOnlySpan<(Projection Projection, int Column)> projections, ActivationRows x, float* y, long stride)
    {
        _down.Clear();
        _up.Clear();
        _x = x;
        _y = y;
        _stride = stride;
        foreach (var (adapter, first, count) in _runs)
        {
            for (var slot = 0; slot < projections.Length; slot++)
            {
                if (adapter.Factors(layer, projections[slot].Projection) is { } factors)
                {
                    for (var row = first; row < first + count; row += RowsAtOnce)
                    {
                        var piece = new Piece
                        {
                            Factors = factors,
                            FirstRow = row,
                            Rows = Math.Min(RowsAtOnce, first + count - row),
                            Slot = slot,
                            Rank = adapter.Rank,
                            Column = projections[slot].Column,
                        };
                        Split(_down, piece, adapter.Rank, RanksAtOnce);
                        Split(_up, piece, factors.Outputs, ColumnsAtOnce);
                    }
                }
            }
        }
    }

    /// <summary>Computes a chunk of x·Aᵀ.</summary>
    public void Down(int chunk)
    {
        var piece = _down[chunk];
        var a = piece.Factors.A + ((long)piece.Begin * piece.Factors.Inputs);
        for (var row = piece.FirstRow; row < piece.FirstRow + piece.Rows; row++)
        {
            kernels.Dots(a, piece.Count, piece.Factors.Inputs, _x.Row(row), Inner(row, piece.Slot) + piece.Begin);
        }
    }

    /// <summary>Adds a chunk, when all of <see cref="Down"/> and the product are done.</summary>
    public void Up(int chunk)
    {
        var piece = _up[chunk];
        for (var row = piece.FirstRow; row < piece.FirstRow + piece.Rows; row++)
        {
            kernels.AddCombination(
                Inner(row, piece.Slot),
                piece.Rank,
                piece.Factors.B + piece.Begin,
                piece.Factors.Outputs,
                piece.Count,
                _y + (row * _stride) + piece.Column + piece.Begin);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_inner);
        _inner = null;
    }

    private static void Split(List<Piece> pieces, Piece piece, int all, int atOnce)
    {
        for (var begin = 0; begin < all; begin += atOnce)
        {
            pieces.Add(piece with { Begin = begin, Count = Math.Min(atOnce, all - begin) });
        }
    }

    private float* Inner(int row, int slot) => _inner + ((((long)row * MaxProjections) + slot) * _rank);

    // Some rows of one adapter, and some ranks of A or outputs of B.
    private readonly record struct Piece
    {
        public required LoraFactors Factors { get; init; }

        public required int FirstRow { get; init; }

        public required int Rows { get; init; }

        public required int Slot { get; init; }

        public required int Rank { get; init; }

        public required int Column { get; init; }

        public int Begin { get; init; }

        public int Count { get; init; }
    }
}
