using System.Diagnostics.CodeAnalysis;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Sampling;
using O1Coder.Inference.Sampling.Constraints;
using O1Coder.Models;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// A sequence that grows. It draws on any thread, beside others, and then tells the reader on the engine's; what it needs for
/// that it allocates when it begins.
/// </summary>
internal sealed class RunningSequence
{
    // Room for text and read tokens at first; answers are rarely longer.
    private const int MostRoom = 4096;
    private const int CharactersAToken = 4;

    private readonly int _index;
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<int> _endOfTurn;
    private readonly int _context;
    private readonly int _mostTokens;
    private readonly StopMatcher _matcher;
    private readonly List<int> _tokens;
    private readonly SeenTokens? _seen;
    private readonly ConstraintCursor? _constraint;
    private readonly NextGuesser? _guesser;
    private RandomStream _random;
    private Exception? _failure;
    private FinishReason? _reason;

    /// <summary>Begins a sequence of a request.</summary>
    /// <param name="job">The request, whose prompt is prefilled.</param>
    /// <param name="index">Which of its sequences.</param>
    /// <param name="tokenizer">Spells tokens.</param>
    /// <param name="endOfTurn">Tokens that end an answer.</param>
    /// <param name="context">Tokens of prompt and answer at most.</param>
    /// <param name="mostDrawn">Tokens of a sequence that a step takes at most.</param>
    public RunningSequence(GenerateJob job, int index, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, int context, int mostDrawn)
    {
        (Job, _index, _tokenizer, _endOfTurn, _context) = (job, index, tokenizer, endOfTurn, context);
        _mostTokens = Math.Min(job.Sampling.MaxTokens, context - job.PromptTokens);
        var room = Math.Min(_mostTokens, MostRoom);
        _tokens = new List<int>(room);
        _matcher = new StopMatcher(job.Sampling.Stop, CharactersAToken * room);
        _seen = job.Seen is { } seen ? new SeenTokens(seen, room) : null;
        _constraint = job.Constraint is { } constraint ? new ConstraintCursor(constraint, CharactersAToken * room) : null;
        _guesser = job.PromptLookup && mostDrawn > 1
            ? new NextGuesser(job.Path, job.PromptTokens + _mostTokens, mostDrawn - 1)
            : null;
        _random = new RandomStream(job.Sampling.Seed, index);
    }

    /// <summary>The request that it belongs to.</summary>
    public GenerateJob Job { get; }

    /// <summary>Its keys and values, which lack the last token while it runs; null until it has been forked.</summary>
    public KvSequence? State { get; set; }

    /// <summary>The row of the step's logits from which it draws first; its guesses' rows follow.</summary>
    public int Row { get; set; }

    /// <summary>The answer so far, a forced prefix included.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>The token that was drawn last and is not yet in <see cref="State"/>.</summary>
    public int LastToken => _tokens[^1];

    /// <summary>Whether it has ended, well or not.</summary>
    public bool Ended => _reason is not null || Failed;

    /// <summary>Whether it could not be drawn from.</summary>
    public bool Failed => _failure is not null;

    /// <summary>What it guesses that it will draw, if it may guess. The last token of an answer is not followed by any.</summary>
    /// <param name="least">How likely the last guessed token must be.</param>
    /// <param name="most">Tokens at most.</param>
    public ReadOnlySpan<int> Guess(double least, int most) =>
        _guesser is null ? [] : _guesser.Guess(least, Math.Min(most, _mostTokens - _tokens.Count - 1));

    /// <summary>Takes the forced prefix and tells the reader.</summary>
    public void Begin()
    {
        try
        {
            var complete = _constraint is not null && _constraint.IsComplete();
            if (Job.Forced.Tokens.Count > 0)
            {
                _tokens.AddRange(Job.Forced.Tokens);
                var text = string.Concat(Job.Forced.Tokens.Select(token => _matcher.AddForced(_tokenizer.TokenBytes(token).Span).ToString()));
                Job.Events.Write(Job.Forced with { Sequence = _index, Text = complete ? $"{text}{_matcher.Finish()}" : text });
            }

            _reason = complete ? FinishReason.EndOfTurn : null;
        }
        catch (ConstraintException error)
        {
            _failure = error;
        }
    }

    /// <summary>Draws the token behind its prompt.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="sampler">The thread's own.</param>
    public void DrawFirst(ReadOnlySpan<float> logits, Sampler sampler) => DrawNext(logits, sampler);

    /// <summary>
    /// Draws the next token from the step's logits, and as long as what it draws is what it guessed, one more from the logits
    /// behind that: the same as drawing them one a step. Different sequences may draw at once.
    /// </summary>
    /// <param name="backend">Has the logits.</param>
    /// <param name="guesses">The tokens that were guessed.</param>
    /// <param name="sampler">The thread's own.</param>
    public void Draw(IBackend backend, ReadOnlySpan<int> guesses, Sampler sampler)
    {
        var right = 0;
        while (DrawNext(backend.Logits(Row + right), sampler) is { } token && right < guesses.Length && token == guesses[right])
        {
            right++;
            if (Ended)
            {
                break;
            }
        }

        if (guesses.Length > 0)
        {
            _guesser!.Learn(guesses.Length, right);
        }
    }

    /// <summary>Tokens that <see cref="State"/> should keep: what was guessed wrongly goes.</summary>
    public int Kept => Math.Min(State!.Length, Job.PromptTokens + _tokens.Count - (Ended ? 0 : 1));

    /// <summary>Tells the reader if it has ended.</summary>
    public void Tell()
    {
        if (_failure is not null)
        {
            Job.Fail(_failure);
            Job.Cancel();
        }
        else if (_reason is { } reason)
        {
            Job.Finish(new SequenceFinished(_index, reason, _matcher.Found, _matcher.Text, _tokens));
        }
    }

    // The token that was drawn and belongs to the answer, or null.
    [SuppressMessage("Design", "CA1031", Justification = "A failure is this request's own, while others draw beside it.")]
    private int? DrawNext(ReadOnlySpan<float> logits, Sampler sampler)
    {
        try
        {
            var drawn = sampler.Draw(logits, Job.Sampling, ref _random, new LogitChanges
            {
                Bias = Job.Bias,
                Seen = _seen is null ? [] : _seen.Tokens,
                Allowed = _constraint is null ? [] : _constraint.Allowed(),
            });
            if (drawn.Token == DrawnToken.NoToken || EndsTurn(drawn.Token))
            {
                var rest = _matcher.Finish();
                if (rest.Length > 0)
                {
                    Job.Events.Write(new AnswerEntry { Sequence = _index, Token = AnswerEntry.NoToken }, rest);
                }

                _reason = drawn.Token == DrawnToken.NoToken ? FinishReason.NoToken : FinishReason.EndOfTurn;
                return null;
            }

            Take(drawn, sampler.Likeliest);
            return drawn.Token;
        }
        catch (Exception error)
        {
            _failure = error;
            return null;
        }
    }

    private void Take(DrawnToken drawn, ReadOnlySpan<TokenLogProbability> likeliest)
    {
        _tokens.Add(drawn.Token);
        _seen?.Add(drawn.Token);
        _guesser?.Add(drawn.Token);
        var bytes = _tokenizer.TokenBytes(drawn.Token).Span;
        _constraint?.TryAdvance(bytes);
        var entry = new AnswerEntry
        {
            Sequence = _index,
            Token = drawn.Token,
            Sampling = drawn.SamplingLogProbability,
            Model = drawn.ModelLogProbability,
        };
        Job.Events.Write(entry, _matcher.Add(bytes), likeliest);
        _reason =
            _matcher.Found is not null ? FinishReason.StopString
            : _constraint is not null && _constraint.IsComplete() ? FinishReason.EndOfTurn
            : _tokens.Count == Job.Sampling.MaxTokens ? FinishReason.MaxTokens
            : Job.PromptTokens + _tokens.Count == _context ? FinishReason.ContextFull
            : null;
        if (_reason is not null && _matcher.Finish() is { Length: > 0 } rest)
        {
            Job.Events.Write(new AnswerEntry { Sequence = _index, Token = AnswerEntry.NoToken }, rest);
        }
    }

    private bool EndsTurn(int token)
    {
        for (var i = 0; i < _endOfTurn.Count; i++)
        {
            if (_endOfTurn[i] == token)
            {
                return true;
            }
        }

        return false;
    }
}
