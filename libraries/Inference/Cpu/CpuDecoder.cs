using System.Runtime.InteropServices;
using O1Coder.Inference.Backends;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// A qwen2-style decoder in plain code. A step extends any sequences by any numbers of tokens, with any adapters, all in the
/// same products; a row's result depends on its sequence's tokens alone. Matrices are read once a step. One thread calls it.
/// </summary>
internal sealed unsafe class CpuDecoder : IDisposable
{
    // Rows that a product is computed for at once: their activations stay in the second-level cache.
    private const int ProductRows = 64;

    // Chunks a thread: the fewer, the longer the others wait for the last one.
    private const int ChunksAThread = 8;

    private readonly DecoderWeights _weights;
    private readonly ModelDescription _model;
    private readonly KvLayout _layout;
    private readonly WorkerTeam _team;
    private readonly RowKernels _kernels;
    private readonly AttentionKernel _attention;
    private readonly RotaryTable _rotary;
    private readonly LoraProducts _lora;
    private readonly StepRows _rows;

    private readonly ActivationRows _normed;
    private readonly ActivationRows _attended;
    private readonly ActivationRows _inner;
    private readonly ActivationRows _last;
    private readonly float* _residual;
    private readonly float* _projected;
    private readonly float* _logits;
    private readonly float* _scratch;

    private readonly (Projection, int)[] _queryKeyValue;
    private readonly (Projection, int)[] _output = [(Projection.Output, 0)];
    private readonly (Projection, int)[] _gateUp;
    private readonly (Projection, int)[] _down = [(Projection.Down, 0)];
    private readonly int _queryWidth;
    private readonly int _projectedWidth;
    private readonly float _queryScale;

    // The phases, made once; each reads the fields below, which say what it works on.
    private readonly Action<int, int> _multiply;
    private readonly Action<int, int> _addLora;
    private readonly Action<int, int> _rowChunk;
    private readonly Action<int, int> _attend;
    private readonly Action<int, int> _keepRow;
    private readonly Action<int> _embedRow;
    private readonly Action<int> _projectRow;
    private readonly Action<int> _attendedRow;
    private readonly Action<int> _outputRow;
    private readonly Action<int> _gateRow;
    private readonly Action<int> _downRow;
    private readonly Action<int> _lastRow;
    private int _layer;
    private Product _product;
    private Action<int> _row = null!;
    private int _rowsInPhase;
    private int _rowsAtOnce;
    private int _firstHidden;

    /// <summary>Makes room for steps.</summary>
    /// <param name="weights">The model; it stays the caller's.</param>
    /// <param name="layout">How keys and values lie.</param>
    /// <param name="precision">How activations enter products with quantised weights.</param>
    /// <param name="path">The instructions.</param>
    /// <param name="threads">Threads that compute, the caller's included.</param>
    /// <param name="maxRows">Tokens of a step at most.</param>
    /// <param name="maxLogitRows">Rows of logits and hidden states of a step at most.</param>
    /// <param name="contextLength">Tokens of a sequence at most.</param>
    public CpuDecoder(
        DecoderWeights weights, KvLayout layout, Precision precision, KernelPath path, int threads, int maxRows, int maxLogitRows, int contextLength)
    {
        (_weights, _model, _layout) = (weights, weights.Model, layout);
        _queryWidth = _model.OutputSize(Projection.Query);
        var keyWidth = _model.OutputSize(Projection.Key);
        _projectedWidth = _queryWidth + (2 * keyWidth);
        _queryKeyValue = [(Projection.Query, 0), (Projection.Key, _queryWidth), (Projection.Value, _queryWidth + keyWidth)];
        _gateUp = [(Projection.Gate, 0), (Projection.Up, _model.FeedForwardSize)];
        _queryScale = 1 / MathF.Sqrt(_model.HeadSize);

        _kernels = RowKernels.For(path);
        _attention = AttentionKernel.For(path, layout, _model.Heads);
        _rotary = new RotaryTable(_model.RopeFrequencies(), contextLength);
        _lora = new LoraProducts(_kernels, maxRows);
        _rows = new StepRows(maxRows, maxLogitRows, contextLength);
        _normed = new ActivationRows(maxRows, _model.HiddenSize, precision, path);
        _attended = new ActivationRows(maxRows, _queryWidth, precision, path);
        _inner = new ActivationRows(maxRows, _model.FeedForwardSize, precision, path);
        _last = new ActivationRows(maxLogitRows, _model.HiddenSize, precision, path);
        _residual = Allocate((long)maxRows * _model.HiddenSize);
        _projected = Allocate((long)maxRows * Math.Max(_projectedWidth, Math.Max(2 * _model.FeedForwardSize, _model.HiddenSize)));
        _logits = Allocate((long)maxLogitRows * _model.VocabularySize);
        _scratch = Allocate((long)threads * _attention.ScratchFloats);

        (_multiply, _addLora, _rowChunk) = (Multiply, (chunk, _) => _lora.Up(chunk), RowChunk);
        (_attend, _keepRow) = (Attend, KeepRow);
        (_embedRow, _projectRow, _attendedRow, _outputRow) = (EmbedRow, ProjectRow, row => _attended.Prepare(row, 1), OutputRow);
        (_gateRow, _downRow, _lastRow) = (GateRow, DownRow, LastRow);
        _team = new WorkerTeam(threads);
    }

    /// <summary>Extends sequences by their parts' tokens.</summary>
    /// <param name="parts">Each sequence once, in any order.</param>
    /// <param name="tokens">The tokens of all parts.</param>
    /// <param name="logitRows">Indices of the tokens after which logits are wanted.</param>
    /// <param name="hiddenRows">Indices of the tokens after which hidden states are wanted.</param>
    /// <returns>[logit rows, vocabulary], in the order in which they were asked for; valid until the next step.</returns>
    /// <exception cref="ArgumentException">There are more tokens or rows than fit, or a part is wrong; nothing has been done.</exception>
    public ReadOnlySpan<float> Step(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows)
    {
        _rows.Arrange(parts, tokens, logitRows, hiddenRows);
        _lora.Arrange(_rows.Places);
        ForRows(_rows.Count, _embedRow);
        for (_layer = 0; _layer < _model.Layers; _layer++)
        {
            var layer = _weights.Layers[_layer];
            Multiply(layer.QueryKeyValue, _normed, _projectedWidth, _queryKeyValue);
            ForRows(_rows.Count, _projectRow);

            // Behind the last layer's keys and values only the rows matter that results are wanted of.
            if (_layer == _model.Layers - 1 && _rows.KeepWanted(_keepRow))
            {
                _lora.Arrange(_rows.Places);
            }

            AttendAll();
            ForRows(_rows.Count, _attendedRow);
            Multiply(layer.Output, _attended, _model.HiddenSize, _output);
            ForRows(_rows.Count, _outputRow);
            Multiply(layer.GateUp, _normed, 2 * _model.FeedForwardSize, _gateUp);
            ForRows(_rows.Count, _gateRow);
            Multiply(layer.Down, _inner, _model.HiddenSize, _down);
            ForRows(_rows.Count, _downRow);
        }

        // Hidden states lie behind the rows that logits are made of.
        var logits = _firstHidden = logitRows.Length;
        ForRows(_rows.ResultSources.Length, _lastRow);
        Run(new Product(_weights.Head, _last, logits, (nint)_logits, _model.VocabularySize), 0);
        foreach (var part in parts)
        {
            part.Sequence.Length += part.Count;
        }

        _rows.Clear();
        return new ReadOnlySpan<float>(_logits, checked(logits * _model.VocabularySize));
    }

    /// <summary>A row of the last step's logits.</summary>
    public ReadOnlySpan<float> Logits(int row) => new(_logits + ((long)row * _model.VocabularySize), _model.VocabularySize);

    /// <summary>A row of the last step's hidden states.</summary>
    public ReadOnlySpan<float> Hidden(int row) => new(_last.Row(_firstHidden + row), _model.HiddenSize);

    /// <summary>Calls something once for each chunk on the threads that compute, between steps.</summary>
    public void Run(int chunks, Action<int, int> body) => _team.Run(chunks, body);

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _lora.Dispose();
        _rotary.Dispose();
        _normed.Dispose();
        _attended.Dispose();
        _inner.Dispose();
        _last.Dispose();
        NativeMemory.AlignedFree(_residual);
        NativeMemory.AlignedFree(_projected);
        NativeMemory.AlignedFree(_logits);
        NativeMemory.AlignedFree(_scratch);
    }

    private static float* Allocate(long floats) => (float*)NativeMemory.AlignedAlloc((nuint)(floats * sizeof(float)), 64);

    private static int Divide(int count, int by) => (count + by - 1) / by;

    private float* Residual(int row) => _residual + ((long)row * _model.HiddenSize);

    private float* Projected(int row, int width) => _projected + ((long)row * width);

    // A product of all rows, and what adapters add to it.
    private void Multiply(PackedWeights matrix, ActivationRows x, int width, (Projection, int)[] projections)
    {
        _lora.Begin(_layer, projections, x, _projected, width);
        Run(new Product(matrix, x, _rows.Count, (nint)_projected, width), _lora.DownChunks);
        _team.Run(_lora.UpChunks, _addLora);
    }

    private void Run(Product product, int loraChunks)
    {
        if (product.Rows == 0)
        {
            return;
        }

        // Those of one panel follow each other, so that it is read once.
        var blocks = Divide(product.Rows, ProductRows);
        var panels = Math.Max(1, product.Matrix.Panels * blocks / (_team.Threads * ChunksAThread));
        _product = product with { Blocks = blocks, Panels = panels, LoraChunks = loraChunks };
        _team.Run(loraChunks + (blocks * Divide(product.Matrix.Panels, panels)), _multiply);
    }

    private void Multiply(int chunk, int worker)
    {
        var product = _product;
        if (chunk < product.LoraChunks)
        {
            _lora.Down(chunk);
            return;
        }

        chunk -= product.LoraChunks;
        var row = chunk % product.Blocks * ProductRows;
        var panel = chunk / product.Blocks * product.Panels;
        product.Matrix.Multiply(
            product.X,
            row,
            Math.Min(ProductRows, product.Rows - row),
            panel,
            Math.Min(product.Panels, product.Matrix.Panels - panel),
            (float*)product.Y + (row * product.Stride),
            product.Stride);
    }

    private void ForRows(int rows, Action<int> row)
    {
        (_row, _rowsInPhase) = (row, rows);
        _rowsAtOnce = Math.Max(1, rows / (_team.Threads * ChunksAThread));
        _team.Run(Divide(rows, _rowsAtOnce), _rowChunk);
    }

    private void RowChunk(int chunk, int worker)
    {
        var end = Math.Min(_rowsInPhase, (chunk + 1) * _rowsAtOnce);
        for (var row = chunk * _rowsAtOnce; row < end; row++)
        {
            _row(row);
        }
    }

    private void EmbedRow(int row)
    {
        _weights.Embedding.ReadRow(_rows.Places[row].Token, Residual(row));
        Normalize(row, _weights.Layers[0].AttentionNorm);
    }

    private void Normalize(int row, float* norm)
    {
        _kernels.Normalize(Residual(row), norm, _model.RmsEpsilon, _model.HiddenSize, _normed.Row(row));
        _normed.Prepare(row, 1);
    }

    private void ProjectRow(int row)
    {
        var layer = _weights.Layers[_layer];
        var place = _rows.Places[row];
        var projected = Projected(row, _projectedWidth);
        if (layer.Bias is not null)
        {
            _kernels.Add(layer.Bias, _projectedWidth, projected);
        }

        var (size, half) = (_model.HeadSize, _model.HeadSize / 2);
        var cosines = _rotary.Cosines(place.Position);
        var sines = _rotary.Sines(place.Position);
        for (var head = 0; head < _model.Heads + _model.KeyValueHeads; head++)
        {
            var at = projected + ((long)head * size);
            var isQuery = head < _model.Heads;
            if (_model.QueryKeyNorm)
            {
                _kernels.Normalize(at, isQuery ? layer.QueryNorm : layer.KeyNorm, _model.RmsEpsilon, size, at);
            }

            _kernels.Rotate(at, cosines, sines, half, isQuery ? _queryScale : 1);
        }

        var page = place.Sequence.Pages[place.Position / KvLayout.PageTokens].Address;
        var slot = place.Position % KvLayout.PageTokens;
        var keys = projected + _queryWidth;
        for (var head = 0; head < _model.KeyValueHeads; head++, keys += size)
        {
            var to = page + _layout.Offset(_layer, head);
            for (var i = 0; i < size; i++)
            {
                to[(i * KvLayout.PageTokens) + slot] = keys[i];
            }

            var values = keys + ((long)_model.KeyValueHeads * size);
            new Span<float>(values, size).CopyTo(new Span<float>(to + _layout.ValuesOffset + (slot * _layout.ValueWidth), size));
        }
    }

    private void KeepRow(int from, int to)
    {
        new Span<float>(Residual(from), _model.HiddenSize).CopyTo(new Span<float>(Residual(to), _model.HiddenSize));
        new Span<float>(Projected(from, _projectedWidth), _queryWidth).CopyTo(new Span<float>(Projected(to, _projectedWidth), _queryWidth));
    }

    private void AttendAll()
    {
        // More rows at once read a shared page fewer times; fewer occupy more threads.
        var spread = Divide(_rows.Count * _model.KeyValueHeads, 2 * _team.Threads);
        _rowsAtOnce = Math.Clamp(spread, 1, _attention.MaxRows);
        _team.Run(Divide(_rows.Count, _rowsAtOnce) * _model.KeyValueHeads, _attend);
    }

    private void Attend(int chunk, int worker)
    {
        var (first, head) = (chunk / _model.KeyValueHeads * _rowsAtOnce, chunk % _model.KeyValueHeads);
        var rows = _rows.Places.Slice(first, Math.Min(_rowsAtOnce, _rows.Count - first));
        var scratch = _scratch + ((long)worker * _attention.ScratchFloats);
        _attention.Attend(
            rows, _layer, head, Projected(first, _projectedWidth), _projectedWidth, _attended.Row(first), _queryWidth, scratch);
    }

    private void OutputRow(int row)
    {
        _kernels.Add(Projected(row, _model.HiddenSize), _model.HiddenSize, Residual(row));
        Normalize(row, _weights.Layers[_layer].FeedForwardNorm);
    }

    private void GateRow(int row)
    {
        var gate = Projected(row, 2 * _model.FeedForwardSize);
        _kernels.Gate(gate, gate + _model.FeedForwardSize, _model.FeedForwardSize, _inner.Row(row));
        _inner.Prepare(row, 1);
    }

    private void DownRow(int row)
    {
        _kernels.Add(Projected(row, _model.HiddenSize), _model.HiddenSize, Residual(row));
        if (_layer < _model.Layers - 1)
        {
            Normalize(row, _weights.Layers[_layer + 1].AttentionNorm);
        }
    }

    private void LastRow(int row)
    {
        _kernels.Normalize(Residual(_rows.ResultSources[row]), _weights.Norm, _model.RmsEpsilon, _model.HiddenSize, _last.Row(row));
        _last.Prepare(row, 1);
    }

    // One product of a phase: rows in blocks, panels so many a chunk, and adapters' chunks in front.
    private readonly record struct Product(PackedWeights Matrix, ActivationRows X, int Rows, nint Y, long Stride)
    {
        public int Blocks { get; init; }

        public int Panels { get; init; }

        public int LoraChunks { get; init; }
    }
}
