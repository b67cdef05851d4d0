using System.Runtime.CompilerServices;

namespace O1Coder.Search;

/// <summary>
/// Independent programs straight from the problem, judged in the order they came, until one passes or there are as
/// many as rollouts: the baseline "repeated sampling". A program that came before takes over its verdict.
/// </summary>
public sealed class SampleSearch : SearchMethod
{
    private protected override async IAsyncEnumerable<SearchEvent> RolloutAsync(
        SearchState state, int rollout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = state.Tree.Root;
        if (root.Children.Count < rollout)
        {
            var count = Math.Min(state.Options.SamplesPerRequest, state.Rollouts - root.Children.Count);
            var events = await state.ExpandAsync(root, [(StepAction.Code, count)], greedy: false, cancellationToken);
            foreach (var added in events)
            {
                yield return added;
            }
        }

        var leaf = root.Children[rollout - 1];
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
