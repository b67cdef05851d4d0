using System.Diagnostics;
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
    // Chunks of rows a thread: the fewer, the longer the others wait for the last one.
    private const int ChunksAThread = 16;

    // Columns that the gate's and the way up's results are taken together by: whole panels, and whole blocks of activations.
    private const int GateColumns = 32;

    private readonly DecoderWeights _weights;
    private readonly ModelDescription _model;
    private readonly KvLayout _layout;
    private readonly WorkerTeam _team;
    private readonly RowKernels _kernels;
    private readonly AttentionKernel _attention;
    private readonly RotaryTable _rotary;
    private readonly LoraProducts _lora;
    private readonly TeamProducts _products;
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

    // A unit of these columns has whole panels and whole heads; whole blocks of activations are as many key-value heads wide.
    private readonly int _headColumns;
    private readonly int _headsAtOnce;

    // The phases, made once; each reads the fields below, which say what it works on.
    private readonly Action<int, int> _rowChunk;
    private readonly Action<int, int> _attend;
    private readonly Action<int, int> _keepRow;
    private readonly Action<RowsAndColumns> _projectHeads;
    private readonly Action<RowsAndColumns> _gateColumns;
    private readonly Action<int> _embedRow;
    private readonly Action<int> _outputRow;
    private readonly Action<int> _downRow;
    private readonly Action<int> _lastRow;
    private readonly TeamChoice _choice = new();
    private int _layer;
    private Action<int> _row = null!;
    private int _rowsInPhase;
    private int _rowsAtOnce;
    private bool _adds;
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
        _headColumns = LeastMultiple(_model.HeadSize, PackedWeights.PanelOutputs);
        _headsAtOnce = HeadsOfWholeBlocks(_model);

        _kernels = RowKernels.For(path);
        _attention = AttentionKernel.For(path, layout, _model.Heads);
        _rotary = new RotaryTable(_model.RopeFrequencies(), contextLength);
        _lora = new LoraProducts(LoraKernels.For(path, precision), maxRows);
        _rows = new StepRows(maxRows, maxLogitRows, contextLength);
        _normed = new ActivationRows(maxRows, _model.HiddenSize, precision, path);
        _attended = new ActivationRows(maxRows, _queryWidth, precision, path);
        _inner = new ActivationRows(maxRows, _model.FeedForwardSize, precision, path);
        _last = new ActivationRows(maxLogitRows, _model.HiddenSize, precision, path);
        _residual = Allocate((long)maxRows * _model.HiddenSize);
        _projected = Allocate((long)maxRows * Math.Max(_projectedWidth, Math.Max(2 * _model.FeedForwardSize, _model.HiddenSize)));
        _logits = Allocate((long)maxLogitRows * _model.VocabularySize);
        _scratch = Allocate((long)threads * _attention.ScratchFloats);

        (_rowChunk, _attend, _keepRow) = (RowChunk, Attend, KeepRow);
        (_projectHeads, _gateColumns) = (ProjectHeads, Gate);
        (_embedRow, _outputRow, _downRow, _lastRow) = (EmbedRow, OutputRow, DownRow, LastRow);
        _team = new WorkerTeam(threads);
        _products = new TeamProducts(_team, _lora);
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
        var (begun, waited, rows) = (Stopwatch.GetTimestamp(), _team.Waited, _rows.Count);
        _team.Alone = _choice.Alone;
        _lora.Arrange(_rows.Places);
        ForRows(_rows.Count, _embedRow);
        for (_layer = 0; _layer < _model.Layers; _layer++)
        {
            var layer = _weights.Layers[_layer];
            Multiply(new Product(layer.QueryKeyValue, _normed, _projectedWidth, _headColumns) { Finish = _projectHeads }, _queryKeyValue);

            // Behind the last layer's keys and values only the rows matter that results are wanted of.
            if (_layer == _model.Layers - 1 && _rows.KeepWanted(_keepRow))
            {
                _lora.Arrange(_rows.Places);
            }

            AttendAll();
            Multiply(new Product(layer.Output, _attended, _model.HiddenSize, PackedWeights.PanelOutputs), _output);
            ForProjectedRows(_outputRow);
            Multiply(new Product(layer.GateUp, _normed, _model.FeedForwardSize, GateColumns) { Twin = true, Finish = _gateColumns }, _gateUp);
            Multiply(new Product(layer.Down, _inner, _model.HiddenSize, PackedWeights.PanelOutputs), _down);
            ForProjectedRows(_downRow);
        }

        // Hidden states lie behind the rows that logits are made of.
        var logits = _firstHidden = logitRows.Length;
        ForRows(_rows.ResultSources.Length, _lastRow);
        _products.Run(new Product(_weights.Head, _last, _model.VocabularySize, PackedWeights.PanelOutputs), logits, _logits);
        foreach (var part in parts)
        {
            part.Sequence.Length += part.Count;
        }

        _rows.Clear();
        _choice.Add(rows, Stopwatch.GetElapsedTime(begun).TotalSeconds, (_team.Waited - waited).TotalSeconds);
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

    // As many heads as make whole blocks of what is attended; all, where that takes all.
    private static int HeadsOfWholeBlocks(ModelDescription model)
    {
        var columns = model.Heads / model.KeyValueHeads * model.HeadSize;
        var heads = LeastMultiple(columns, ActivationRows.Block) / columns;
        return model.KeyValueHeads % heads == 0 ? heads : model.KeyValueHeads;
    }

    private static int LeastMultiple(int of, int and)
    {
        var multiple = of;
        while (multiple % and != 0)
        {
            multiple += of;
        }

        return multiple;
    }

    private void Multiply(in Product product, (Projection, int)[] projections) =>
        _products.Run(product, _rows.Count, _projected, _layer, projections);

    private void ForRows(int rows, Action<int> row) => ForRows(rows, row, adds: false, least: 1);

    // Rows that a product has just been computed for, to which adapters still add: computed for several rows at once.
    private void ForProjectedRows(Action<int> row) => ForRows(
        _rows.Count, row, _lora.IsNeeded, _lora.IsNeeded ? Math.Min(LoraKernels.RowsAtOnce, Divide(_rows.Count, _team.Threads)) : 1);

    private void ForRows(int rows, Action<int> row, bool adds, int least)
    {
        (_row, _rowsInPhase, _adds) = (row, rows, adds);
        _rowsAtOnce = Math.Max(least, rows / (_team.Threads * ChunksAThread));
        _team.Run(Divide(rows, _rowsAtOnce), _rowChunk);
    }

    private void RowChunk(int chunk, int worker)
    {
        var (begin, end) = (chunk * _rowsAtOnce, Math.Min(_rowsInPhase, (chunk + 1) * _rowsAtOnce));
        if (_adds)
        {
            var part = new RowsAndColumns(begin, end - begin, 0, _model.HiddenSize);
            _lora.Ahead(part);
            _lora.Add(part);
        }

        for (var row = begin; row < end; row++)
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

    // Heads get their bias, their norm and their place, and keys and values go to their page.
    private void ProjectHeads(RowsAndColumns at)
    {
        var size = _model.HeadSize;
        var end = Divide(at.Column + at.Columns, size);
        for (var row = at.Row; row < at.Row + at.Rows; row++)
        {
            var place = _rows.Places[row];
            var page = place.Sequence.Pages[place.Position / KvLayout.PageTokens].Address;
            for (var head = at.Column / size; head < end; head++)
            {
                ProjectHead(head, Projected(row, _projectedWidth) + ((long)head * size), place.Position, page);
            }
        }
    }

    private void ProjectHead(int head, float* values, int position, float* page)
    {
        var layer = _weights.Layers[_layer];
        var size = _model.HeadSize;
        if (layer.Bias is not null)
        {
            _kernels.Add(layer.Bias + ((long)head * size), size, values);
        }

        var slot = position % KvLayout.PageTokens;
        var keyHead = head - _model.Heads;
        if (keyHead >= _model.KeyValueHeads)
        {
            var to = page + _layout.Offset(_layer, keyHead - _model.KeyValueHeads) + _layout.ValuesOffset + (slot * _layout.ValueWidth);
            new Span<float>(values, size).CopyTo(new Span<float>(to, size));
            return;
        }

        if (_model.QueryKeyNorm)
        {
            _kernels.Normalize(values, keyHead < 0 ? layer.QueryNorm : layer.KeyNorm, _model.RmsEpsilon, size, values);
        }

        _kernels.Rotate(values, _rotary.Cosines(position), _rotary.Sines(position), size / 2, keyHead < 0 ? _queryScale : 1);
        if (keyHead >= 0)
        {
            var to = page + _layout.Offset(_layer, keyHead) + slot;
            for (var i = 0; i < size; i++)
            {
                to[i * KvLayout.PageTokens] = values[i];
            }
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
        var parts = _model.KeyValueHeads / _headsAtOnce;
        var spread = Divide(_rows.Count * parts, 2 * _team.Threads);
        _rowsAtOnce = Math.Clamp(spread, 1, _attention.MaxRows);
        _team.Run(Divide(_rows.Count, _rowsAtOnce) * parts, _attend);
    }

    private void Attend(int chunk, int worker)
    {
        var parts = _model.KeyValueHeads / _headsAtOnce;
        var (first, head) = (chunk / parts * _rowsAtOnce, chunk % parts * _headsAtOnce);
        var rows = _rows.Places.Slice(first, Math.Min(_rowsAtOnce, _rows.Count - first));
        var scratch = _scratch + ((long)worker * _attention.ScratchFloats);
        for (var i = head; i < head + _headsAtOnce; i++)
        {
            _attention.Attend(
                rows, _layer, i, Projected(first, _projectedWidth), _projectedWidth, _attended.Row(first), _queryWidth, scratch);
        }

        var columns = _queryWidth / parts;
        _attended.Prepare(first, rows.Length, chunk % parts * columns, columns);
    }

    private void OutputRow(int row)
    {
        AddProjected(row);
        Normalize(row, _weights.Layers[_layer].FeedForwardNorm);
    }

    private void Gate(RowsAndColumns at)
    {
        for (var row = at.Row; row < at.Row + at.Rows; row++)
        {
            var gate = Projected(row, 2 * _model.FeedForwardSize) + at.Column;
            _kernels.Gate(gate, gate + _model.FeedForwardSize, at.Columns, _inner.Row(row) + at.Column);
        }

        _inner.Prepare(at.Row, at.Rows, at.Column, at.Columns);
    }

    private void DownRow(int row)
    {
        AddProjected(row);
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

    private void AddProjected(int row) => _kernels.Add(Projected(row, _model.HiddenSize), _model.HiddenSize, Residual(row));
}
