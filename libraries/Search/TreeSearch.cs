using System.Runtime.CompilerServices;

namespace O1Coder.Search;

/// <summary>
/// o1-Coder's Monte Carlo tree search (arXiv 2412.00154, section 3.2.2; code: <c>MCTS_backbone.py</c>,
/// <c>MCTS_for_reasoning.py</c>). One rollout goes down from the root: at a node without children it asks for
/// <see cref="SearchOptions.SamplesPerExpansion"/> of them; a child that was never visited is taken first, at random;
/// at a node whose children were all visited <see cref="UctSelection"/> decides. Below a fresh node each step is
/// therefore a random child, expanding as it goes, until a program or the depth limit is reached: the paper's
/// simulation. The program's value (a path without one: 0) is added to every node on the way.
/// <para>
/// Differences from the paper's code: all terminal children of an expansion stay, not the best alone; a judged leaf is
/// not entered again, its node widens instead, so that each rollout tries a program; the greedy program may come first
/// (<see cref="SearchOptions.FastAnswer"/>), and programs before thoughts (<see cref="SearchOptions.ProgramsFirst"/>).
/// </para>
/// </summary>
public sealed class TreeSearch : SearchMethod
{
    private protected override async IAsyncEnumerable<SearchEvent> RolloutAsync(
        SearchState state, int rollout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = state.Options;
        var node = state.Tree.Root;
        while (!UctSelection.IsClosed(node, options))
        {
            if (NextUnvisited(node, options, rollout) is { } fresh)
            {
                node = fresh;
                continue;
            }

            if (node.Children.Count > 0 && UctSelection.Choose(node, options) is { } chosen)
            {
                node = chosen;
                continue;
            }

            foreach (var added in await GrowAsync(state, node, rollout, cancellationToken))
            {
                yield return added;
            }
        }

        if (await state.JudgeAsync(node, cancellationToken) is { } judged)
        {
            yield return judged;
        }

        if (node.Judgement is not { Excluded: true })
        {
            yield return state.BackUp(node);
        }
    }

    private static Task<IReadOnlyList<SearchEvent>> GrowAsync(
        SearchState state, SearchNode node, int rollout, CancellationToken cancellationToken)
    {
        var options = state.Options;
        if (options.FastAnswer && node.Parent is null && rollout == 1)
        {
            return state.ExpandAsync(node, [(StepAction.Code, 1)], greedy: true, cancellationToken);
        }

        var allocation = options.Plan.Allocate(
            node.Depth, node.Expansions > 0, options.SamplesPerExpansion, options.MaxDepth);
        return state.ExpandAsync(node, allocation, greedy: false, cancellationToken);
    }

    // Chance is a function of the seed, the rollout and the node, so a search can go on from its log without the
    // state of a generator.
    private static SearchNode? NextUnvisited(SearchNode node, SearchOptions options, int rollout)
    {
        var fresh = node.Children.Where(child => child.Visits == 0 && child.Judgement is not { Excluded: true }).ToList();
        if (options.ProgramsFirst && fresh.Exists(child => child.Terminal))
        {
            fresh.RemoveAll(child => !child.Terminal);
        }

        if (options.ProcessRewardWeight > 0 && fresh.TrueForAll(child => child.ProcessReward is not null))
        {
            // The most promising thought first; chance decides between equals alone.
            var best = fresh.Max(child => child.ProcessReward);
            fresh.RemoveAll(child => child.ProcessReward < best);
        }

        return fresh.Count == 0
            ? null
            : fresh[new SplitMix64(SplitMix64.Mix(options.Seed, 3, (ulong)rollout, (ulong)node.Number)).Below(fresh.Count)];
    }
}
