using O1Coder.Inference.Backends;
using O1Coder.Inference.Sampling;
using O1Coder.Inference.Sampling.Constraints;
using O1Coder.Models;

namespace O1Coder.Inference.Scheduling;

/// <summary>A sequence that grows token by token.</summary>
internal sealed class RunningSequence(GenerateJob job, int index, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, int context)
{
    private readonly StopMatcher _matcher = new(job.Sampling.Stop);
    private readonly List<int> _tokens = [];
    private readonly SeenTokens? _seen = job.Seen is { } seen ? new SeenTokens(seen) : null;
    private readonly ConstraintCursor? _constraint = job.Constraint is { } constraint ? new ConstraintCursor(constraint) : null;
    private RandomStream _random = new(job.Sampling.Seed, index);
    private ConstraintException? _failure;

    /// <summary>The request that it belongs to.</summary>
    public GenerateJob Job => job;

    /// <summary>Its keys and values; null until it has been forked.</summary>
    public KvSequence? State { get; set; }

    /// <summary>The token that was drawn last and is not yet in <see cref="State"/>.</summary>
    public int LastToken => _tokens[^1];

    /// <summary>The answer so far, a forced prefix included.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Takes the forced prefix, tells the reader, and returns whether there is something to draw.</summary>
    public bool Begin()
    {
        var complete = _constraint is not null && _constraint.IsComplete();
        if (job.Forced.Tokens.Count > 0)
        {
            _tokens.AddRange(job.Forced.Tokens);
            var text = string.Concat(_tokens.Select(token => _matcher.AddForced(tokenizer.TokenBytes(token).Span)));
            job.Write(job.Forced with { Sequence = index, Text = complete ? text + _matcher.Finish() : text });
        }

        return !complete || Finish(FinishReason.EndOfTurn);
    }

    /// <summary>Draws the next token. Different sequences may draw at once.</summary>
    public DrawnToken Draw(ReadOnlySpan<float> logits, Sampler sampler)
    {
        try
        {
            return sampler.Draw(logits, job.Sampling, ref _random, new LogitChanges
            {
                Bias = job.Bias,
                Seen = _seen is null ? [] : _seen.Tokens,
                Allowed = _constraint is null ? [] : _constraint.Allowed(),
            });
        }
        catch (ConstraintException error)
        {
            // This request's own, while others draw beside it.
            _failure = error;
            return new DrawnToken(DrawnToken.NoToken, 0, 0);
        }
    }

    /// <summary>Takes the drawn token, tells the reader, and returns whether the sequence goes on.</summary>
    public bool Advance(DrawnToken drawn)
    {
        if (_failure is not null)
        {
            return Fail(_failure);
        }

        if (drawn.Token == DrawnToken.NoToken || endOfTurn.Contains(drawn.Token))
        {
            var rest = _matcher.Finish();
            if (rest.Length > 0)
            {
                job.Write(new SequenceChunk(index, [], rest, [], []));
            }

            return Finish(drawn.Token == DrawnToken.NoToken ? FinishReason.NoToken : FinishReason.EndOfTurn);
        }

        try
        {
            return Take(drawn);
        }
        catch (ConstraintException error)
        {
            return Fail(error);
        }
    }

    private bool Take(DrawnToken drawn)
    {
        _tokens.Add(drawn.Token);
        _seen?.Add(drawn.Token);
        var bytes = tokenizer.TokenBytes(drawn.Token).Span;
        _constraint?.TryAdvance(bytes);
        var text = _matcher.Add(bytes);
        FinishReason? reason =
            _matcher.Found is not null ? FinishReason.StopString
            : _constraint is not null && _constraint.IsComplete() ? FinishReason.EndOfTurn
            : _tokens.Count == job.Sampling.MaxTokens ? FinishReason.MaxTokens
            : job.PromptTokens + _tokens.Count == context ? FinishReason.ContextFull
            : null;
        if (reason is not null)
        {
            text += _matcher.Finish();
        }

        job.Write(new SequenceChunk(index, [drawn.Token], text, [drawn.SamplingLogProbability], [drawn.ModelLogProbability])
        {
            TopLogProbabilities = drawn.Likeliest is null ? [] : [drawn.Likeliest],
        });
        return reason is null || Finish(reason.Value);
    }

    private bool Finish(FinishReason reason)
    {
        job.Finish(new SequenceFinished(index, reason, _matcher.Found, _matcher.Text, _tokens));
        return false;
    }

    private bool Fail(ConstraintException error)
    {
        job.Fail(error);
        job.Cancel();
        return false;
    }
}
