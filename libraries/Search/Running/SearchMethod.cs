using System.Runtime.CompilerServices;

namespace O1Coder.Search;

/// <summary>
/// What the methods share: rollouts are chosen in order, up to <see cref="SearchOptions.InFlight"/> of them work side by
/// side, and what they come to is applied in the order in which they were chosen; a new one is chosen when the oldest
/// has been applied. So the tree is a function of the answers alone, and with one under way it is the sequential
/// search's. Unobserved visits keep rollouts under way apart (WU-UCT, Liu et al. 2020, arXiv 1810.11755).
/// <para>
/// The search ends when a program passes (unless <see cref="SearchOptions.Exhaust"/>), the budget is spent, the method
/// has nothing left, or the caller cancels. Rollouts under way are then given up.
/// </para>
/// </summary>
public abstract class SearchMethod : ISearchMethod
{
    /// <inheritdoc/>
    public abstract MethodDescription Description { get; }

    /// <inheritdoc/>
    public IAsyncEnumerable<SearchEvent> SearchAsync(SearchRequest request, CancellationToken cancellationToken) =>
        SearchAsync(request, begun: null, cancellationToken);

    /// <summary>The same, for who wants to look at the tree itself while it grows.</summary>
    /// <param name="request">What the search works with.</param>
    /// <param name="begun">Gets the tree when the search begins. Only between two events may it be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async IAsyncEnumerable<SearchEvent> SearchAsync(
        SearchRequest request, Action<SearchTree>? begun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Validate();
        request.Budget.Validate();
        OptionCheck.Require(
            request.Options.ProcessRewardWeight == 0 || request.Evaluator is not null, nameof(SearchRequest.Evaluator), "absent",
            $"an evaluator, as {nameof(SearchOptions.ProcessRewardWeight)} is above 0");
        Demand(request);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, request.Budget.Stop);
        var state = new SearchState(request, over.Token);
        begun?.Invoke(state.Tree);
        var run = Begin(state);
        var flights = new Queue<Flight>();
        var started = 0;
        var limit = Math.Min(request.Budget.Rollouts, run.MostRollouts);
        var granted = request.Budget.Gate is null ? limit : 0;
        yield return new SearchStarted(request.Options, request.Budget);
        try
        {
            while (true)
            {
                while (flights.Count < request.Options.InFlight && started < granted && !run.IsOver
                    && run.Next(started + 1) is { } choice)
                {
                    flights.Enqueue(new Flight(++started, state, run, choice, stop.Token));
                }

                if (flights.Count == 0)
                {
                    // With nothing under way there is either nothing left to do or nothing granted.
                    if (started < granted || started >= limit || run.IsOver
                        || !await MayGoOnAsync(request.Budget, Standing.Of(state.Tree, started), stop.Token, cancellationToken))
                    {
                        break;
                    }

                    granted = (int)Math.Min(limit, (long)started + request.Budget.Grant);
                    continue;
                }

                var oldest = flights.Peek();
                while (await HasDraftAsync(oldest, request.Budget, stop.Token, cancellationToken))
                {
                    while (oldest.Drafts.TryRead(out var draft))
                    {
                        var one = draft(state.Tree);
                        run.Notice(one);
                        yield return one;
                        cancellationToken.ThrowIfCancellationRequested();
                    }
                }

                flights.Dequeue().Land();
                if (run.IsOver)
                {
                    break;
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            foreach (var flight in flights)
            {
                await flight.SettleAsync();
            }
        }

        var best = state.Tree.Best;
        yield return new SearchFinished(
            ReasonOf(state, spent: started >= Math.Min(granted, request.Budget.Rollouts)),
            best?.Number, best?.Program, best?.OwnValue ?? 0, state.Tree.ComputeHash());
    }

    /// <summary>Begins a search.</summary>
    private protected abstract MethodRun Begin(SearchState state);

    /// <summary>Refuses a request that lacks somebody whom the method asks.</summary>
    /// <exception cref="ArgumentException">Somebody is absent.</exception>
    private protected virtual void Demand(SearchRequest request)
    {
    }

    private static async ValueTask<bool> MayGoOnAsync(
        SearchBudget budget, Standing standing, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            return await budget.Gate!.MoreAsync(standing, stop);
        }
        catch (OperationCanceledException) when (
            budget.Stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static StopReason ReasonOf(SearchState state, bool spent) =>
        state.Passed ? StopReason.Passed : spent || state.BudgetSpent ? StopReason.BudgetSpent : StopReason.Exhausted;

    // The budget's end inside a rollout ends the rollout, not the search's answer.
    private static async ValueTask<bool> HasDraftAsync(
        Flight flight, SearchBudget budget, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (flight.Drafts.TryPeek(out _))
        {
            // What was worked out before the budget's end counts.
            return true;
        }

        try
        {
            return await flight.Drafts.WaitToReadAsync(stop);
        }
        catch (OperationCanceledException) when (
            budget.Stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
