using System.Runtime.InteropServices;
using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// Steps as runs of the graph: the prompt's chunk in the row that is set aside for it, then one token of each forked
/// sequence, one adapter after another, for a graph serves one adapter. What each run leaves is put where the step asked for
/// it.
/// </summary>
internal sealed class RowSteps : IDisposable
{
    // Rows grow by this many tokens at least.
    private const int GrowBy = 512;

    private readonly KvBuffers _buffers;
    private readonly RowBindings _bindings;
    private readonly RowTable _rows;
    private readonly int _contextLength;
    private readonly int _maxChunk;
    private readonly int _leastRows;
    private readonly int[] _indices;

    // What a run leaves, and what the step asked for, in its order.
    private readonly RowOutputs _left;
    private readonly RowOutputs _results;

    private readonly List<RowSequence> _batch = [];
    private readonly List<int> _tokens = [];
    private readonly List<BackendAdapter?> _done = [];
    private readonly Wanted _logits = new();
    private readonly Wanted _hidden = new();

    /// <summary>Makes room for steps.</summary>
    /// <param name="sessions">The graphs.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="memory">Where keys, values and inputs lie.</param>
    /// <param name="maxSequences">Forked sequences at most.</param>
    /// <param name="maxChunk">Tokens of a prompt's chunk at most.</param>
    /// <param name="maxRows">Rows of results that a step gives at most beside one for each forked sequence, at least 1.</param>
    /// <param name="leastRows">Rows that are decoded at least: a lone row may be computed in another order than several.</param>
    /// <param name="spareBindings">Bindings that are kept beside those of one adapter.</param>
    public RowSteps(
        GraphSessions sessions,
        DecoderShape shape,
        TensorMemory memory,
        int maxSequences,
        int maxChunk,
        int maxRows,
        int leastRows,
        int spareBindings)
    {
        (_contextLength, _maxChunk, _leastRows, PromptRow) = (shape.Context, maxChunk, leastRows, maxSequences + 1);
        _indices = [.. Enumerable.Range(0, maxSequences + 1)];
        _buffers = new KvBuffers(memory, shape, maxSequences + 2, Math.Min(GrowBy, _contextLength));
        _left = new RowOutputs(maxSequences + maxRows, shape);
        _results = new RowOutputs(maxSequences + maxRows, shape);
        _bindings = new RowBindings(
            sessions.For(AdaptedProducts.None), shape, memory, _buffers, _left, maxSequences + spareBindings);
        _rows = new RowTable(_buffers);
    }

    /// <summary>The row of the prompt: behind those that are decoded, and one that fills a batch up.</summary>
    public int PromptRow { get; }

    /// <summary>The forked sequences.</summary>
    public RowTable Forks => _rows;

    /// <summary>Keys and values.</summary>
    public KvBuffers Buffers => _buffers;

    /// <summary>Logits and hidden states of the last step, in the order in which they were asked for.</summary>
    public RowOutputs Results => _results;

    /// <summary>Extends sequences by their parts' tokens.</summary>
    /// <param name="parts">Each sequence once.</param>
    /// <param name="tokens">The tokens of all parts.</param>
    /// <param name="logitRows">Indices of the tokens after which logits are wanted.</param>
    /// <param name="hiddenRows">Indices of the tokens after which hidden states are wanted.</param>
    public void Run(ReadOnlySpan<StepPart> parts, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows, ReadOnlySpan<int> hiddenRows)
    {
        foreach (var part in parts)
        {
            if (IsPrompt(part))
            {
                Prefill(part, tokens, logitRows, hiddenRows);
            }
        }

        _done.Clear();
        foreach (var part in parts)
        {
            if (!IsPrompt(part) && !_done.Contains(part.Sequence.Adapter))
            {
                _done.Add(part.Sequence.Adapter);
                Decode(part.Sequence.Adapter, parts, tokens, logitRows, hiddenRows);
            }
        }
    }

    /// <summary>Appends the first tokens of a block to a sequence.</summary>
    public void Load(RowSequence sequence, KvCopy block, int count)
    {
        Reserve(sequence.Length + count);
        _buffers.Load(sequence.Row, sequence.Length, block, count);
        sequence.Length += count;
    }

    /// <summary>Frees the bindings of an adapter that goes.</summary>
    public void Forget(AdapterImage adapter) => _bindings.Remove(adapter);

    /// <inheritdoc/>
    public void Dispose()
    {
        _bindings.Dispose();
        _buffers.Dispose();
        _left.Dispose();
        _results.Dispose();
    }

    private bool IsPrompt(StepPart part) => ((RowSequence)part.Sequence).Row == PromptRow;

    private void Prefill(StepPart part, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows, ReadOnlySpan<int> hiddenRows)
    {
        var sequence = (RowSequence)part.Sequence;
        _logits.Clear();
        _hidden.Clear();
        _logits.Add(logitRows, part, 0);
        _hidden.Add(hiddenRows, part, 0);
        Reserve(sequence.Length + part.Count);
        var binding = _bindings.Get((AdapterImage?)sequence.Adapter, PromptRow, 1, _maxChunk);
        tokens.Slice(part.FirstToken, part.Count).CopyTo(binding.Tokens(part.Count));
        sequence.Length += part.Count;
        binding.Positions[0] = sequence.Length - 1;

        // A lone row of logits is computed beside itself.
        var rows = _logits.At;
        binding.Run(part.Count, rows.Length == 1 && _leastRows > 1 && part.Count > 1 ? [rows[0], rows[0]] : rows, _hidden.At);
        for (var i = 0; i < rows.Length; i++)
        {
            _left.LogitRow(i).CopyTo(_results.LogitRow(_logits.Places[i]));
        }

        TakeHidden();
    }

    // One token for every sequence of one adapter.
    private void Decode(
        BackendAdapter? adapter,
        ReadOnlySpan<StepPart> parts,
        ReadOnlySpan<int> tokens,
        ReadOnlySpan<int> logitRows,
        ReadOnlySpan<int> hiddenRows)
    {
        _batch.Clear();
        _tokens.Clear();
        _logits.Clear();
        _hidden.Clear();
        var (longest, first) = (0, int.MaxValue);
        foreach (var part in parts)
        {
            if (!IsPrompt(part) && part.Sequence.Adapter == adapter)
            {
                var sequence = (RowSequence)part.Sequence;
                _batch.Add(sequence);
                _tokens.Add(tokens[part.FirstToken]);
                _logits.Add(logitRows, part, sequence.Row);
                _hidden.Add(hiddenRows, part, sequence.Row);
                longest = Math.Max(longest, sequence.Length);
                first = Math.Min(first, sequence.Row);
            }
        }

        // The row that fills a batch up may be another group's: what is computed for it goes where its next token will.
        var rows = Math.Max(_batch.Count, _leastRows);
        var behind = rows > _batch.Count && first + 1 < _rows.Count ? _rows[first + 1].Length : 0;
        Reserve(Math.Max(longest, behind) + 1);
        var binding = _bindings.Get((AdapterImage?)adapter, first, rows, 1);
        binding.Positions[rows - 1] = behind;
        for (var i = 0; i < _batch.Count; i++)
        {
            var row = _batch[i].Row - first;
            binding.Tokens(1)[row] = _tokens[i];
            binding.Positions[row] = _batch[i].Length++;
        }

        _hidden.Shift(-first);
        binding.Run(1, _indices.AsSpan(0, rows), _hidden.At);
        for (var i = 0; i < _logits.At.Length; i++)
        {
            _left.LogitRow(_logits.At[i] - first).CopyTo(_results.LogitRow(_logits.Places[i]));
        }

        TakeHidden();
    }

    private void TakeHidden()
    {
        for (var i = 0; i < _hidden.At.Length; i++)
        {
            _left.HiddenRow(i).CopyTo(_results.HiddenRow(_hidden.Places[i]));
        }
    }

    private void Reserve(int tokens)
    {
        if (tokens <= _buffers.Capacity)
        {
            return;
        }

        _bindings.Dispose();
        _buffers.Grow(Math.Min(_contextLength, (tokens + GrowBy - 1) / GrowBy * GrowBy));
    }

    /// <summary>Rows that one run has of those that the step wants: where in the run, and where in the step's results.</summary>
    private sealed class Wanted
    {
        private readonly List<int> _at = [];
        private readonly List<int> _places = [];

        public ReadOnlySpan<int> At => CollectionsMarshal.AsSpan(_at);

        public ReadOnlySpan<int> Places => CollectionsMarshal.AsSpan(_places);

        public void Clear()
        {
            _at.Clear();
            _places.Clear();
        }

        /// <summary>Adds those of a part, whose first token is the run's row <paramref name="first"/>.</summary>
        public void Add(ReadOnlySpan<int> rows, StepPart part, int first)
        {
            for (var place = 0; place < rows.Length; place++)
            {
                var token = rows[place] - part.FirstToken;
                if (token >= 0 && token < part.Count)
                {
                    _at.Add(first + token);
                    _places.Add(place);
                }
            }
        }

        public void Shift(int by)
        {
            foreach (ref var row in CollectionsMarshal.AsSpan(_at))
            {
                row += by;
            }
        }
    }
}
