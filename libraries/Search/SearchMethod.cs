using System.Runtime.CompilerServices;

namespace O1Coder.Search;

/// <summary>
/// What the methods share: events are yielded as they happen, one rollout after another, until a program passes
/// (unless <see cref="SearchOptions.Exhaust"/>), the budget is spent or the caller cancels.
/// </summary>
public abstract class SearchMethod : ISearchMethod
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SearchEvent> SearchAsync(
        SearchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Validate();
        request.Budget.Validate();
        OptionCheck.Require(
            request.Options.ProcessRewardWeight == 0 || request.Evaluator is not null, nameof(SearchRequest.Evaluator), "absent",
            $"an evaluator, as {nameof(SearchOptions.ProcessRewardWeight)} is above 0");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.Budget.Stop);
        var state = new SearchState(request);
        yield return new SearchStarted(request.Options, request.Budget);

        for (var rollout = 1; (request.Options.Exhaust || !state.Passed) && rollout <= RolloutLimit(request) && !state.BudgetSpent; rollout++)
        {
            await using var steps = RolloutAsync(state, rollout, stop.Token).GetAsyncEnumerator(CancellationToken.None);
            while (await AdvanceAsync(steps, request.Budget, cancellationToken))
            {
                yield return steps.Current;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        var best = state.Tree.Best;
        yield return new SearchFinished(
            state.Passed ? StopReason.Passed : StopReason.BudgetSpent,
            best?.Number, best?.Program, best?.OwnValue ?? 0, state.Tree.ComputeHash());
    }

    /// <summary>How many rollouts this method does at most.</summary>
    private protected virtual int RolloutLimit(SearchRequest request) => request.Budget.Rollouts;

    /// <summary>One rollout: grows the tree, reaches a leaf, judges it and backs its value up.</summary>
    private protected abstract IAsyncEnumerable<SearchEvent> RolloutAsync(
        SearchState state, int rollout, CancellationToken cancellationToken);

    // The budget's end inside a rollout ends the rollout, not the search's answer.
    private static async ValueTask<bool> AdvanceAsync(
        IAsyncEnumerator<SearchEvent> steps, SearchBudget budget, CancellationToken cancellationToken)
    {
        try
        {
            return await steps.MoveNextAsync();
        }
        catch (OperationCanceledException) when (
            budget.Stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
