using System.Diagnostics;

namespace O1Coder.Inference.Scheduling;

/// <summary>A request under way: a path of tokens to prefill, and what is done with its logits.</summary>
internal abstract class Job(int[] path, int[] positions, ServedAdapter? adapter)
{
    private readonly long _asked = Stopwatch.GetTimestamp();
    private volatile bool _cancelled;

    /// <summary>Tokens to prefill.</summary>
    public int[] Path { get; } = path;

    /// <summary>The positions whose logits are wanted, ascending, at least one.</summary>
    public int[] Positions { get; } = positions;

    /// <summary>The adapter that it runs with from start to end, or null.</summary>
    public ServedAdapter? Adapter { get; } = adapter;

    /// <summary>Tokens of the path that the prefix cache had.</summary>
    public int CachedTokens { get; set; }

    /// <summary>Nobody waits for it any more.</summary>
    public bool Cancelled => _cancelled;

    /// <summary>Time between the request and the beginning of prefill.</summary>
    public TimeSpan QueueTime { get; private set; }

    /// <summary>When prefill began.</summary>
    protected long Begun { get; private set; }

    /// <summary>Says that nobody waits any more.</summary>
    public void Cancel() => _cancelled = true;

    /// <summary>Prefill begins.</summary>
    public void Begin()
    {
        Begun = Stopwatch.GetTimestamp();
        QueueTime = Stopwatch.GetElapsedTime(_asked, Begun);
    }

    /// <summary>Ends the job with an error.</summary>
    public abstract void Fail(Exception error);
}
