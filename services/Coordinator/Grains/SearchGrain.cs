using System.Runtime.CompilerServices;
using Google.Protobuf;
using Orleans.Concurrency;
using Orleans.Placement;

namespace O1Coder.Coordinator;

/// <summary>
/// A search as a grain. The work itself runs on the thread pool, not in the grain's turns, so that watchers and a cancel are
/// heard at once. New searches go to the coordinator that has the fewest.
/// </summary>
[Reentrant]
[ActivationCountBasedPlacement]
internal sealed class SearchGrain(SearchRunner runner, CoordinatorOptions options, TimeProvider clock) : Grain, ISearchGrain
{
    // Watchers of a search that has ended come late, not for ever.
    private static readonly TimeSpan s_afterTheEnd = TimeSpan.FromMinutes(1);

    private SearchSession? _session;

    /// <inheritdoc/>
    public Task BeginAsync(byte[] request, int priority)
    {
        if (_session is null)
        {
            var plan = SolveRequestReader.Read(V1.SolveRequest.Parser.ParseFrom(request), options) with { Priority = (V1.Priority)priority };
            var id = this.GetPrimaryKeyString();
            Start((output, cancellationToken) => runner.RunAsync(plan, id, output, cancellationToken));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TakeUpAsync()
    {
        Session();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SearchNews> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = Session();
        await foreach (var one in session.WatchAsync(after, cancellationToken))
        {
            yield return new SearchNews(one.ToByteArray(), 0, "");
        }

        var (status, detail) = session.End;
        yield return new SearchNews(null, (int)status, detail);
    }

    /// <inheritdoc/>
    public Task CancelAsync() => _session?.CancelAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_session is not null)
        {
            // Not the search's end: whoever takes it up goes on from the log.
            await _session.LeaveAsync();
        }
    }

    private SearchSession Session() => _session
        ?? Start((output, cancellationToken) => runner.ResumeAsync(this.GetPrimaryKeyString(), output, cancellationToken));

    private SearchSession Start(SearchWork work)
    {
        var session = _session = new SearchSession(work);
        _ = KeepAsync(session);
        return session;
    }

    // An activation that nobody calls is collected, and a search must not be collected before it has ended.
    private async Task KeepAsync(SearchSession session)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (!session.Ended.IsCompleted)
        {
            DelayDeactivation(TimeSpan.FromMinutes(5));
            await Task.WhenAny(session.Ended, timer.WaitForNextTickAsync().AsTask());
        }

        DelayDeactivation(s_afterTheEnd);
    }
}
