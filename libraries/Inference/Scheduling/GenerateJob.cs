using System.Diagnostics;
using System.Threading.Channels;

namespace O1Coder.Inference.Scheduling;

/// <summary>Continues a prompt in one or several ways.</summary>
internal sealed class GenerateJob(GenerationRequest request, ServedAdapter? adapter)
    : Job(request.Prompt.ToArray(), [request.Prompt.Length - 1], adapter)
{
    // Unbounded, so that a slow reader holds nobody up; finite all the same: at most two events a token.
    private readonly Channel<GenerationEvent> _events =
        Channel.CreateUnbounded<GenerationEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private long _accepted;
    private int _finished;
    private int _generated;

    /// <summary>What happens, in order.</summary>
    public ChannelReader<GenerationEvent> Events => _events.Reader;

    /// <summary>How tokens are drawn.</summary>
    public SamplingOptions Sampling { get; } = request.Sampling;

    /// <summary>Sequences asked for.</summary>
    public int Sequences { get; } = request.Sequences;

    /// <summary>Of them, started.</summary>
    public int Started { get; set; }

    /// <summary>The prompt is prefilled.</summary>
    public void Accept()
    {
        _accepted = Stopwatch.GetTimestamp();
        _events.Writer.TryWrite(new PromptAccepted(CachedTokens));
    }

    /// <summary>Hands an event to the reader.</summary>
    public void Write(GenerationEvent happened) => _events.Writer.TryWrite(happened);

    /// <summary>A sequence has ended; with the last the usage follows and the stream ends.</summary>
    public void Finish(SequenceFinished finished)
    {
        _events.Writer.TryWrite(finished);
        _generated += finished.Tokens.Count;
        if (++_finished < Sequences)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        _events.Writer.TryWrite(new GenerationUsage(
            Path.Length,
            CachedTokens,
            _generated,
            QueueTime,
            Stopwatch.GetElapsedTime(Begun, _accepted),
            Stopwatch.GetElapsedTime(_accepted, now)));
        _events.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public override void Fail(Exception error) => _events.Writer.TryComplete(error);
}
