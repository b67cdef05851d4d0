using System.Diagnostics;
using O1Coder.Inference.Sampling;
using O1Coder.Inference.Sampling.Constraints;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// Continues a prompt in one or several ways. A forced prefix is prefilled with the prompt, once for all sequences; the logits
/// before each of its tokens give their log-probabilities.
/// </summary>
/// <param name="request">What is asked for.</param>
/// <param name="adapter">The adapter to run with, or null.</param>
/// <param name="constraint">Where sequences stand in the constraint behind the forced prefix, or null.</param>
/// <param name="vocabulary">Width of a row of logits.</param>
internal sealed class GenerateJob(GenerationRequest request, ServedAdapter? adapter, ConstraintCursor? constraint, int vocabulary)
    : Job([.. request.Prompt.Span, .. request.ForcedPrefix.Span],
        [.. Enumerable.Range(request.Prompt.Length - 1, request.ForcedPrefix.Length + 1)], adapter, request.Ticket)
{
    // What a stream makes room for at first, at most.
    private const int MostRoom = 4096;

    private readonly KeyValuePair<int, float>[] _bias = [.. request.Sampling.LogitBias];
    private readonly float[] _forcedLogProbabilities = new float[request.ForcedPrefix.Length];
    private readonly TokenLogProbability[][] _forcedLikeliest =
        new TokenLogProbability[request.Sampling.TopLogProbabilities > 0 ? request.ForcedPrefix.Length : 0][];

    private SequenceChunk? _forced;
    private long _accepted;
    private int _finished;
    private int _generated;

    /// <summary>What happens, in order.</summary>
    public AnswerStream Events { get; } = new(
        request.Gather,
        (int)Math.Min(MostRoom, Math.Min(request.Gather, (long)request.Sampling.MaxTokens * request.Sequences) + (2 * request.Sequences) + 2),
        request.Sampling.TopLogProbabilities,
        request.Sampling.SamplingLogProbabilities);

    /// <summary>How tokens are drawn.</summary>
    public SamplingOptions Sampling { get; } = request.Sampling;

    /// <summary>Whether next tokens may be guessed.</summary>
    public bool PromptLookup { get; } = request.PromptLookup;

    /// <summary>Tokens of the path that are the prompt; the forced prefix follows them.</summary>
    public int PromptTokens { get; } = request.Prompt.Length;

    /// <summary>What is added to logits.</summary>
    public ReadOnlySpan<KeyValuePair<int, float>> Bias => _bias;

    /// <summary>The tokens of prompt and forced prefix if repetition is penalised, else null.</summary>
    public SeenTokens? Seen { get; } = request.Sampling.RepetitionPenalty == 1
        ? null
        : new SeenTokens([.. request.Prompt.Span, .. request.ForcedPrefix.Span], vocabulary);

    /// <summary>Where sequences begin in the constraint, or null.</summary>
    public ConstraintCursor? Constraint => constraint;

    /// <summary>The forced prefix as every sequence's first chunk, without its text; complete when the path is prefilled.</summary>
    public SequenceChunk Forced => _forced ??= new SequenceChunk(
        0, Path[PromptTokens..], "", new float[Sampling.SamplingLogProbabilities ? Path.Length - PromptTokens : 0], _forcedLogProbabilities)
    {
        TopLogProbabilities = _forcedLikeliest,
    };

    /// <summary>Sequences asked for.</summary>
    public int Sequences { get; } = request.Sequences;

    /// <summary>Of them, started.</summary>
    public int Started { get; set; }

    /// <summary>Whether all of them have ended.</summary>
    public bool Ended => _finished == Sequences;

    /// <summary>Takes the logits before one of the forced prefix's tokens.</summary>
    /// <param name="at">Which of them.</param>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="sampler">Sums exponentials.</param>
    public void TakeForced(int at, ReadOnlySpan<float> logits, Sampler sampler)
    {
        var logSum = sampler.LogSumExp(logits, out _);
        _forcedLogProbabilities[at] = logits[Path[PromptTokens + at]] - logSum;
        if (_forcedLikeliest.Length > 0)
        {
            _forcedLikeliest[at] = LikeliestTokens.Find(logits, logSum, Sampling.TopLogProbabilities);
        }
    }

    /// <summary>The prompt is prefilled, perhaps not for the first time.</summary>
    public void Accept()
    {
        if (_accepted == 0)
        {
            _accepted = Stopwatch.GetTimestamp();
            Events.Write(new PromptAccepted(CachedTokens));
        }
    }

    /// <summary>A sequence has ended; with the last the usage follows and the stream ends.</summary>
    public void Finish(SequenceFinished finished)
    {
        Events.Write(finished);
        _generated += finished.Tokens.Count;
        if (++_finished < Sequences)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        Events.Write(new GenerationUsage(
            PromptTokens,
            CachedTokens,
            _generated,
            QueueTime,
            Stopwatch.GetElapsedTime(Begun, _accepted),
            Stopwatch.GetElapsedTime(_accepted, now)));
        Events.Complete();
    }

    /// <inheritdoc/>
    public override void Fail(Exception error) => Events.Complete(error);
}
