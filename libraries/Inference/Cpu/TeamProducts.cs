using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Products on a team's threads, by chunks of rows and columns, with what adapters add. A chunk's results are gone on with at
/// once, while they are in the cache.
/// </summary>
internal sealed unsafe class TeamProducts
{
    // Rows that a product is computed for at once: their activations stay in the second-level cache.
    private const int RowsAtOnce = 64;

    // Chunks a thread at least, where there is as much: the fewer, the longer the others wait for the last one.
    private const int ChunksAThread = 16;

    // Bytes of weights that a chunk has at most, so that a thread that the system stops holds up little.
    private const long MaxChunkBytes = 256 << 10;

    private readonly WorkerTeam _team;
    private readonly LoraProducts _lora;
    private readonly Action<int, int> _multiply;
    private readonly Action<int, int> _down;
    private Product _product;
    private int _rows;
    private float* _y;
    private int _blocks;
    private int _columnsAtOnce;
    private int _loraChunks;
    private bool _adds;

    /// <summary>Uses threads and adapters that stay the caller's.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="lora">What adapters add.</param>
    public TeamProducts(WorkerTeam team, LoraProducts lora)
    {
        (_team, _lora) = (team, lora);
        (_multiply, _down) = (Multiply, (chunk, _) => _lora.Down(chunk));
    }

    /// <summary>Computes a product.</summary>
    /// <param name="product">The product.</param>
    /// <param name="rows">Rows of it.</param>
    /// <param name="y">Receives the results of the first row on.</param>
    public void Run(in Product product, int rows, float* y) => Run(product, rows, y, 0, adds: false);

    /// <summary>
    /// Computes a product of the rows for which <see cref="LoraProducts.Arrange"/> was called. Where <see cref="Product.Finish"/>
    /// is null, the caller adds what adapters add afterwards.
    /// </summary>
    /// <param name="product">The product.</param>
    /// <param name="rows">Rows of it.</param>
    /// <param name="y">Receives the results of the first row on.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="projections">The projections that it fuses, and each one's first column, ascending.</param>
    public void Run(in Product product, int rows, float* y, int layer, (Projection Projection, int Column)[] projections)
    {
        _lora.Begin(layer, projections, product.X, y, product.Stride);
        if (_lora.DownChunks > 0 && product.Finish is not null)
        {
            // First, so that a chunk's results are complete while they are in the cache.
            _team.Run(_lora.DownChunks, _down);
            Run(product, rows, y, 0, adds: true);
        }
        else
        {
            Run(product, rows, y, _lora.DownChunks, adds: false);
        }
    }

    private int Chunks => _blocks * Divide(_product.Columns, _columnsAtOnce);

    private static int Divide(int count, int by) => (count + by - 1) / by;

    private void Run(in Product product, int rows, float* y, int loraChunks, bool adds)
    {
        (_product, _rows, _blocks, _loraChunks, _adds) = (product, rows, Divide(rows, RowsAtOnce), loraChunks, adds);
        _y = y;
        var units = Divide(product.Columns, product.UnitColumns);
        var most = (int)Math.Max(1, MaxChunkBytes * units / product.Matrix.Bytes);
        _columnsAtOnce = Math.Clamp(units * _blocks / (_team.Threads * ChunksAThread), 1, most) * product.UnitColumns;
        _team.Run(loraChunks + Chunks, _multiply);
    }

    // Chunks of the same columns follow each other, so that their weights are read once.
    private RowsAndColumns Part(int chunk)
    {
        var (row, column) = (chunk % _blocks * RowsAtOnce, chunk / _blocks * _columnsAtOnce);
        return new RowsAndColumns(row, Math.Min(RowsAtOnce, _rows - row), column, Math.Min(_columnsAtOnce, _product.Columns - column));
    }

    private void Multiply(int chunk, int worker)
    {
        if (chunk < _loraChunks)
        {
            _lora.Down(chunk);
            return;
        }

        var part = Part(chunk - _loraChunks);
        Complete(part);
        if (_product.Twin)
        {
            Complete(Twin(part));
        }

        _product.Finish?.Invoke(part);
    }

    private void Complete(in RowsAndColumns part)
    {
        if (_adds)
        {
            _lora.Ahead(part);
        }

        Multiply(part);
        if (_adds)
        {
            _lora.Add(part);
        }
    }

    private void Multiply(in RowsAndColumns part) => _product.Matrix.Multiply(
        _product.X,
        part.Row,
        part.Rows,
        part.Column / PackedWeights.PanelOutputs,
        Divide(part.Columns, PackedWeights.PanelOutputs),
        _y + (part.Row * _product.Stride),
        _product.Stride);

    private RowsAndColumns Twin(in RowsAndColumns part) => part with { Column = _product.Columns + part.Column };
}
