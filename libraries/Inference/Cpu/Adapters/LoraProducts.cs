using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// What adapters add to a product, for the rows of each adapter together: first x·Aᵀ, which runs beside the product, then
/// (x·Aᵀ)·Bᵀ, which is added to its result, any rows and columns at a time. Rows without an adapter are not touched. Each
/// element is computed in an order of its own, whatever the rows.
/// </summary>
/// <param name="kernels">What computes with factors.</param>
/// <param name="maxRows">Rows of a step at most.</param>
internal sealed unsafe class LoraProducts(LoraKernels kernels, int maxRows) : IDisposable
{
    // What one thread takes at a time.
    private const int RowsAtOnce = 32;
    private const int RanksAtOnce = 8;

    // Factors are too scattered for the processor to see them coming. Of a chunk of A so many bytes are asked for before it is begun.
    private const int BytesAhead = 8192;

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

    /// <summary>Whether a row of the step has an adapter.</summary>
    public bool IsNeeded => _runs.Count > 0;

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
        if (chunk + 1 < _down.Count)
        {
            var next = _down[chunk + 1];
            PanelMemory.AheadAll(next.Factors.A + ((long)next.FirstRank * next.Factors.Inputs * kernels.Bytes), BytesAhead);
        }

        kernels.Down(
            piece.Factors,
            piece.FirstRank,
            piece.Ranks,
            _x.Row(piece.FirstRow),
            _x.Inputs,
            piece.Rows,
            Inner(piece.FirstRow, piece.Slot) + piece.FirstRank,
            MaxProjections * _rank);
    }

    /// <summary>Asks for what <see cref="Add(in RowsAndColumns)"/> will read first.</summary>
    public void Ahead(in RowsAndColumns part)
    {
        foreach (var (adapter, first, count) in _runs)
        {
            var (begin, end) = Rows(first, count, part);
            for (var slot = 0; slot < _projections.Length && begin < end; slot++)
            {
                if (Outputs(adapter, slot, part, out var output, out _) is { } factors)
                {
                    Ahead(factors, output);
                }
            }
        }
    }

    /// <summary>Adds to a part of the product's results, when all of <see cref="Down"/> and that part are done.</summary>
    public void Add(in RowsAndColumns part)
    {
        foreach (var (adapter, first, count) in _runs)
        {
            var (begin, end) = Rows(first, count, part);
            for (var slot = 0; slot < _projections.Length && begin < end; slot++)
            {
                if (Outputs(adapter, slot, part, out var output, out var endOutput) is { } factors)
                {
                    Add(factors, slot, begin, end, output, endOutput);
                }
            }
        }
    }

    // The rows of an adapter that are in a part: none where they end before they begin.
    private static (int Begin, int End) Rows(int first, int count, in RowsAndColumns part) =>
        (Math.Max(first, part.Row), Math.Min(first + count, part.Row + part.Rows));

    // The outputs of a projection that are in a part; null where there are none, or nothing is added to it.
    private LoraFactors? Outputs(LoraImage adapter, int slot, in RowsAndColumns part, out int begin, out int end)
    {
        (begin, end) = (0, 0);
        if (adapter.Factors(_layer, _projections[slot].Projection) is not { } factors)
        {
            return null;
        }

        var column = _projections[slot].Column;
        begin = Math.Max(column, part.Column) - column;
        end = Math.Min(column + factors.Outputs, part.Column + part.Columns) - column;
        return begin < end ? factors : null;
    }

    private void Ahead(LoraFactors factors, int output) => PanelMemory.AheadAll(
        factors.B + ((factors.Offset(output) - (output % LoraFactors.TileOutputs)) * kernels.Bytes),
        (long)factors.TileWidth(output) * factors.Rank * kernels.Bytes);

    private void Add(LoraFactors factors, int slot, int firstRow, int endRow, int output, int end)
    {
        for (int next; output < end; output = next)
        {
            // A tile stays in the first-level cache while the rows pass by.
            next = Math.Min(((output / LoraFactors.TileOutputs) + 1) * LoraFactors.TileOutputs, end);
            if (next < end)
            {
                Ahead(factors, next);
            }

            kernels.Up(
                factors,
                output,
                next - output,
                Inner(firstRow, slot),
                MaxProjections * _rank,
                endRow - firstRow,
                _y + (firstRow * _stride) + _projections[slot].Column + output,
                _stride);
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
