namespace O1Coder.Coordinator;

/// <summary>Takes a few of many without favouring a group.</summary>
internal static class RoundRobin
{
    /// <summary>The first of each group, then the second of each, and so on, up to so many.</summary>
    public static IEnumerable<T> Take<T>(IReadOnlyList<IReadOnlyList<T>> groups, int most)
    {
        var longest = groups.Count == 0 ? 0 : groups.Max(group => group.Count);
        return Enumerable.Range(0, longest)
            .SelectMany(i => groups.Where(group => i < group.Count).Select(group => group[i]))
            .Take(most);
    }
}
