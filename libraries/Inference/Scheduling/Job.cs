using System.Diagnostics;
using O1Coder.Inference.Caching;

namespace O1Coder.Inference.Scheduling;

/// <summary>A request under way: a path of tokens to prefill, and what is done with what comes of it.</summary>
/// <param name="path">Tokens to prefill.</param>
/// <param name="positions">The positions whose results are wanted, ascending, at least one.</param>
/// <param name="adapter">The adapter that it runs with from start to end, or null.</param>
/// <param name="ticket">Where it stands in the queue.</param>
internal abstract class Job(int[] path, int[] positions, ServedAdapter? adapter, QueueTicket ticket)
{
    private readonly long _asked = Stopwatch.GetTimestamp();
    private volatile bool _cancelled;

    /// <summary>Tokens to prefill.</summary>
    public int[] Path { get; } = path;

    /// <summary>The positions whose results are wanted, ascending, at least one.</summary>
    public int[] Positions { get; } = positions;

    /// <summary>The adapter that it runs with from start to end, or null.</summary>
    public ServedAdapter? Adapter { get; } = adapter;

    /// <summary>Where it stands in the queue.</summary>
    public QueueTicket Ticket { get; } = ticket;

    /// <summary>Its place in the queue; only <see cref="FairQueue"/> changes it.</summary>
    public QueuePlace? Place { get; set; }

    /// <summary>Of <see cref="Positions"/>, those that are done with.</summary>
    public int Taken { get; set; }

    /// <summary>Tokens of the path that the prefix cache had when it began.</summary>
    public int CachedTokens { get; private set; }

    /// <summary>Nobody waits for it any more.</summary>
    public bool Cancelled => _cancelled;

    /// <summary>Time between the request and the beginning of prefill.</summary>
    public TimeSpan QueueTime { get; private set; }

    /// <summary>When prefill began, or 0.</summary>
    protected long Begun { get; private set; }

    /// <summary>What keeps its path in the prefix cache, or null. Only the engine's thread changes it.</summary>
    public PrefixClaim? Claim { get; private set; }

    /// <summary>Keeps its path by another claim, or by none.</summary>
    public void Hold(PrefixClaim? claim)
    {
        var before = Claim;
        Claim = claim;
        before?.Dispose();
    }

    /// <summary>Says that nobody waits any more.</summary>
    public void Cancel() => _cancelled = true;

    /// <summary>Prefill begins, or goes on after others went before.</summary>
    /// <param name="cached">Tokens that the prefix cache had.</param>
    public void Begin(int cached)
    {
        if (Begun == 0)
        {
            Begun = Stopwatch.GetTimestamp();
            QueueTime = Stopwatch.GetElapsedTime(_asked, Begun);
            CachedTokens = cached;
        }
    }

    /// <summary>Ends the job with an error.</summary>
    public abstract void Fail(Exception error);
}
