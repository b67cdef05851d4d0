using System.Runtime.CompilerServices;

namespace O1Coder.Search;

/// <summary>One program, the likeliest token each time: the baseline that every method has to beat.</summary>
public sealed class GreedySearch : SearchMethod
{
    private protected override int RolloutLimit(SearchRequest request) => 1;

    private protected override async IAsyncEnumerable<SearchEvent> RolloutAsync(
        SearchState state, int rollout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = state.Tree.Root;
        foreach (var added in await state.ExpandAsync(root, [(StepAction.Code, 1)], greedy: true, cancellationToken))
        {
            yield return added;
        }

        var leaf = root.Children[0];
        if (await state.JudgeAsync(leaf, cancellationToken) is { } judged)
        {
            yield return judged;
        }

        if (leaf.Judgement is not { Excluded: true })
        {
            yield return state.BackUp(leaf);
        }
    }
}
