using System.Diagnostics;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// When a caller that was refused may come back. Every request that leaves a full queue makes room for one, so the first that
/// was refused is told the mean time between two that leave, the second twice that, and so on: they do not all come back at
/// once. The mean is over those that left lately while others waited, and is never shorter than the time since the last one.
/// </summary>
internal sealed class RetryEstimate
{
    // The weight of one interval: about the last 16 count.
    private const double Weight = 1 / 16.0;

    private static readonly TimeSpan s_unknown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(1);

    private TimeSpan? _mean;
    private long _last = Stopwatch.GetTimestamp();
    private bool _othersWaited;
    private int _refused;

    /// <summary>A request leaves the queue.</summary>
    /// <param name="othersWait">Whether others stay in it.</param>
    public void Left(bool othersWait)
    {
        var now = Stopwatch.GetTimestamp();
        if (_othersWaited)
        {
            var interval = Stopwatch.GetElapsedTime(_last, now);
            _mean = _mean is { } mean ? mean + ((interval - mean) * Weight) : interval;
        }

        (_last, _othersWaited) = (now, othersWait);
        _refused = Math.Max(0, _refused - 1);
    }

    /// <summary>A caller is refused: when it may come back.</summary>
    public TimeSpan Refuse()
    {
        var since = _othersWaited ? Stopwatch.GetElapsedTime(_last) : TimeSpan.Zero;
        var mean = _mean ?? s_unknown;
        var wait = (since > mean ? since : mean) * ++_refused;
        return wait < s_least ? s_least : wait > s_most ? s_most : wait;
    }
}
