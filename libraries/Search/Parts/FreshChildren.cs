namespace O1Coder.Search;

/// <summary>The children of a node that no rollout has entered.</summary>
internal static class FreshChildren
{
    /// <summary>
    /// The children without a visit, a rollout under way or a judge that failed on them. The node's list is shortened on the
    /// way, so that each child is dropped from it once.
    /// </summary>
    public static List<SearchNode> Of(SearchNode node) => Shortened(node.Fresh);

    /// <summary>Those that are terminal.</summary>
    public static List<SearchNode> EndsOf(SearchNode node) => Shortened(node.FreshEnds);

    /// <summary>
    /// The one to enter next, at random; null when there is none. With <see cref="SearchOptions.ProgramsFirst"/> a program
    /// comes before a thought; with a process reward the most promising thought comes first and chance decides between
    /// equals alone.
    /// </summary>
    /// <param name="children">Children that were not entered.</param>
    /// <param name="options">Gives the order.</param>
    /// <param name="chance">A generator that depends on seed, node and rollout alone.</param>
    public static SearchNode? Pick(IReadOnlyList<SearchNode> children, SearchOptions options, SplitMix64 chance)
    {
        if (children.Count == 0)
        {
            return null;
        }

        var candidates = children;
        if (options.ProgramsFirst && candidates.Any(child => child.Terminal))
        {
            candidates = [.. candidates.Where(child => child.Terminal)];
        }

        if (options.ProcessRewardWeight > 0 && candidates.All(child => child.ProcessReward is not null))
        {
            var best = candidates.Max(child => child.ProcessReward);
            candidates = [.. candidates.Where(child => child.ProcessReward == best)];
        }

        return candidates[chance.Below(candidates.Count)];
    }

    private static List<SearchNode> Shortened(List<SearchNode> children)
    {
        if (children.Count > 0)
        {
            children.RemoveAll(child => child.Visits > 0 || child.Unobserved > 0 || child.Judgement is { Excluded: true });
        }

        return children;
    }
}
