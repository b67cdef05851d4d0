using O1Coder.Problems.Metrics;

namespace O1Coder.Problems.DataSets;

/// <summary>Chooses the problems of a data set that only evaluations see.</summary>
public static class DataSetSplit
{
    /// <summary>
    /// Chooses so many problems, of each difficulty its share (largest remainders; problems without one are a group too).
    /// Equal seeds choose equally, whatever the order of the problems.
    /// </summary>
    /// <param name="problems">The ids, none twice, with their difficulty.</param>
    /// <param name="count">How many; 1 to one less than there are.</param>
    /// <param name="seed">Where the draws come from.</param>
    /// <returns>The ids that were chosen.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of the range given above.</exception>
    public static IReadOnlySet<string> Choose(IReadOnlyCollection<(string Id, Difficulty? Difficulty)> problems, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count, problems.Count);
        var groups = problems.GroupBy(problem => problem.Difficulty is { } difficulty ? (int)difficulty : -1, problem => problem.Id)
            .OrderBy(group => group.Key).Select(group => group.Order(StringComparer.Ordinal).ToList()).ToList();
        var shares = groups.ConvertAll(group => (long)group.Count * count / problems.Count);
        var byRemainder = Enumerable.Range(0, groups.Count).OrderByDescending(i => (long)groups[i].Count * count % problems.Count).ThenBy(i => i);
        foreach (var i in byRemainder.Take((int)(count - shares.Sum())))
        {
            shares[i]++;
        }

        var random = new SplitMix64(seed);
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < groups.Count; i++)
        {
            random.Shuffle(groups[i]);
            chosen.UnionWith(groups[i].Take((int)shares[i]));
        }

        return chosen;
    }
}
