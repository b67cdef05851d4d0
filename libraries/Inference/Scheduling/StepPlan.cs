using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Scheduling;

/// <summary>What one step computes; its arrays are made once.</summary>
/// <param name="maxParts">Sequences at most.</param>
/// <param name="maxTokens">Tokens at most.</param>
/// <param name="maxRows">Rows of logits and hidden states at most.</param>
internal sealed class StepPlan(int maxParts, int maxTokens, int maxRows)
{
    private readonly StepPart[] _parts = new StepPart[maxParts];
    private readonly int[] _lengths = new int[maxParts];
    private readonly int[] _tokens = new int[maxTokens];
    private readonly int[] _logitRows = new int[maxRows];
    private readonly int[] _hiddenRows = new int[maxRows];
    private int _count;
    private int _tokenCount;
    private int _logitCount;
    private int _hiddenCount;

    /// <summary>The parts so far.</summary>
    public ReadOnlySpan<StepPart> Parts => _parts.AsSpan(0, _count);

    /// <summary>Tokens so far.</summary>
    public int Tokens => _tokenCount;

    /// <summary>Tokens that have room yet.</summary>
    public int TokensLeft => maxTokens - _tokenCount;

    /// <summary>Rows that have room yet.</summary>
    public int RowsLeft => maxRows - _logitCount - _hiddenCount;

    /// <summary>Begins a new step.</summary>
    public void Clear()
    {
        Array.Clear(_parts, 0, _count);
        (_count, _tokenCount, _logitCount, _hiddenCount) = (0, 0, 0, 0);
    }

    /// <summary>Adds a part without tokens.</summary>
    public void Begin(KvSequence sequence)
    {
        _lengths[_count] = sequence.Length;
        _parts[_count++] = new StepPart(sequence, _tokenCount, 0);
    }

    /// <summary>Adds tokens to the last part.</summary>
    public void Add(ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(_tokens.AsSpan(_tokenCount));
        _tokenCount += tokens.Length;
        ref var part = ref _parts[_count - 1];
        part = part with { Count = part.Count + tokens.Length };
    }

    /// <summary>Adds a token to the last part.</summary>
    public void Add(int token) => Add([token]);

    /// <summary>Wants the logits after one of the last part's tokens, and returns their row.</summary>
    public int WantLogits(int token)
    {
        _logitRows[_logitCount] = _parts[_count - 1].FirstToken + token;
        return _logitCount++;
    }

    /// <summary>Wants the hidden state after one of the last part's tokens, and returns its row.</summary>
    public int WantHidden(int token)
    {
        _hiddenRows[_hiddenCount] = _parts[_count - 1].FirstToken + token;
        return _hiddenCount++;
    }

    /// <summary>A part's tokens from one of them on.</summary>
    public ReadOnlySpan<int> TokensOf(int part, int from) =>
        _tokens.AsSpan(_parts[part].FirstToken + from, _parts[part].Count - from);

    /// <summary>Computes the step; when that fails, all sequences are as before.</summary>
    public void Run(IBackend backend)
    {
        var done = false;
        try
        {
            backend.Step(Parts, _tokens.AsSpan(0, _tokenCount), _logitRows.AsSpan(0, _logitCount), _hiddenRows.AsSpan(0, _hiddenCount));
            done = true;
        }
        finally
        {
            for (var i = 0; !done && i < _count; i++)
            {
                backend.Truncate(_parts[i].Sequence, _lengths[i]);
            }
        }
    }
}
