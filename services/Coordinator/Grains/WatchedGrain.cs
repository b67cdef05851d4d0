using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>
/// What searches and runs as grains share. The work runs on the thread pool, not in the grain's turns, so that watchers and a
/// cancel are heard at once.
/// </summary>
/// <param name="clock">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "A grain ends in OnDeactivateAsync.")]
internal abstract class WatchedGrain<TEvent>(TimeProvider clock) : Grain, IWatchedGrain
    where TEvent : class, IMessage
{
    // Watchers of work that has ended come late, not for ever.
    private static readonly TimeSpan s_afterTheEnd = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_renewal = TimeSpan.FromMinutes(1);

    private WorkSession<TEvent>? _session;

    /// <summary>The clock.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Whether the work runs, or has run, in this activation.</summary>
    protected bool IsBegun => _session is not null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<WorkNews> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = _session ?? Start(ResumeAsync);
        await foreach (var one in session.WatchAsync(one => NumberOf(one) is > 0 and var number && number <= after, cancellationToken))
        {
            yield return new WorkNews(one.ToByteArray(), null);
        }

        if (!session.End.Equals(new WorkEnd(Grpc.Core.StatusCode.OK, "")) && ReferenceEquals(session, _session))
        {
            // What failed may be tried again by who asks for it.
            _session = null;
        }

        yield return new WorkNews(null, session.End);
    }

    /// <inheritdoc/>
    public Task CancelAsync() => _session?.CancelAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }
    }

    /// <summary>Goes on with the work from its log and tells all events.</summary>
    protected abstract Task ResumeAsync(ChannelWriter<TEvent> output, CancellationToken cancellationToken);

    /// <summary>The event's number; 0 for one that has none.</summary>
    protected abstract long NumberOf(TEvent one);

    /// <summary>Whether an event only says where the work stands.</summary>
    protected abstract bool IsProgress(TEvent one);

    /// <summary>Begins the work.</summary>
    protected WorkSession<TEvent> Start(Func<ChannelWriter<TEvent>, CancellationToken, Task> work)
    {
        var session = _session = new WorkSession<TEvent>(work, IsProgress);
        _ = KeepAsync(session);
        return session;
    }

    // An activation that nobody calls is collected, and this must not be collected before its work has ended.
    private async Task KeepAsync(WorkSession<TEvent> session)
    {
        while (!session.Ended.IsCompleted)
        {
            DelayDeactivation(s_kept);
            await Task.WhenAny(session.Ended, Task.Delay(s_renewal, clock));
        }

        DelayDeactivation(s_afterTheEnd);
    }
}
