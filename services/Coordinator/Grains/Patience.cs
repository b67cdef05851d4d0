namespace O1Coder.Coordinator;

/// <summary>
/// How long work of a silo that was lost is asked for again: as long as a cluster may need to notice that a member is gone, and
/// more, with a pause between two tries that leaves it the time.
/// </summary>
internal sealed class Patience(TimeProvider clock)
{
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private long? _lost;

    /// <summary>Whether the work was asked for in vain and has not answered since.</summary>
    public bool IsTried => _lost is not null;

    /// <summary>Whether it has been long enough.</summary>
    public bool IsOver => _lost is { } since && clock.GetElapsedTime(since) > s_most;

    /// <summary>Whether a call failed because a silo was lost, not because of the work.</summary>
    public static bool IsLoss(Exception error) =>
        error is Orleans.Runtime.OrleansException or TimeoutException or EnumerationAbortedException or ObjectDisposedException;

    /// <summary>The work has answered.</summary>
    public void Renew() => _lost = null;

    /// <summary>The work was asked for in vain.</summary>
    public void Try() => _lost ??= clock.GetTimestamp();

    /// <summary>Waits before it is asked for again.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(s_pause, clock, cancellationToken);
}
