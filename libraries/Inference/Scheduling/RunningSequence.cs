using O1Coder.Inference.Backends;
using O1Coder.Inference.Sampling;
using O1Coder.Models;

namespace O1Coder.Inference.Scheduling;

/// <summary>A sequence that grows token by token.</summary>
internal sealed class RunningSequence(GenerateJob job, int index, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, int context)
{
    private readonly StopMatcher _matcher = new(job.Sampling.Stop);
    private readonly List<int> _tokens = [];
    private RandomStream _random = new(job.Sampling.Seed, index);

    /// <summary>The request that it belongs to.</summary>
    public GenerateJob Job => job;

    /// <summary>Its keys and values; null until it has been forked.</summary>
    public KvSequence? State { get; set; }

    /// <summary>The token that was drawn last and is not yet in <see cref="State"/>.</summary>
    public int LastToken => _tokens[^1];

    /// <summary>Tokens drawn so far.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Draws the next token. Different sequences may draw at once.</summary>
    public DrawnToken Draw(ReadOnlySpan<float> logits, Sampler sampler) => sampler.Draw(logits, job.Sampling, ref _random);

    /// <summary>Takes the drawn token, tells the reader, and returns whether the sequence goes on.</summary>
    public bool Advance(DrawnToken drawn)
    {
        if (endOfTurn.Contains(drawn.Token))
        {
            var rest = _matcher.Finish();
            if (rest.Length > 0)
            {
                job.Write(new SequenceChunk(index, [], rest, [], []));
            }

            return Finish(FinishReason.EndOfTurn);
        }

        _tokens.Add(drawn.Token);
        var text = _matcher.Add(tokenizer.TokenBytes(drawn.Token).Span);
        FinishReason? reason =
            _matcher.Found is not null ? FinishReason.StopString
            : _tokens.Count == job.Sampling.MaxTokens ? FinishReason.MaxTokens
            : job.Path.Length + _tokens.Count == context ? FinishReason.ContextFull
            : null;
        if (reason is not null)
        {
            text += _matcher.Finish();
        }

        job.Write(new SequenceChunk(index, [drawn.Token], text, [drawn.SamplingLogProbability], [drawn.ModelLogProbability]));
        return reason is null || Finish(reason.Value);
    }

    private bool Finish(FinishReason reason)
    {
        job.Finish(new SequenceFinished(index, reason, _matcher.Found, _matcher.Text, _tokens));
        return false;
    }
}
