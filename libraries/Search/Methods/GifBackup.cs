namespace O1Coder.Search;

/// <summary>
/// How values go up in GIF-MCTS (arXiv 2405.15383, section 4; code: <c>backprop</c>, <c>check_for_bugs</c>). The value of
/// a program that compiles is averaged into every node above. One that does not counts as a visit alone: until it is mended
/// it and the buggy programs above it that it was to mend have the temporary value 0.99·left/most, left being the fixes that
/// are left, so 0 when the chain has ended. When a fix compiles all of them take its value.
/// <para>W keeps the sum of the programs' own values, temporary ones are not in it; Q is assigned.</para>
/// </summary>
/// <param name="mostFixes">Fixes in a chain.</param>
internal sealed class GifBackup(int mostFixes) : IBackup
{
    // Less than a program that passes.
    private const double Mended = 0.99;

    /// <summary>Whether a node's program does not compile.</summary>
    public static bool IsBuggy(SearchNode node) => node.Judgement is { Compiled: false, Excluded: false };

    /// <summary>How many more fixes a buggy program may have in a row.</summary>
    public int FixesLeft(SearchNode node)
    {
        var left = mostFixes;
        for (var one = node; one.Action == StepAction.Fix && IsBuggy(one); one = one.Parent!)
        {
            left--;
        }

        return left;
    }

    /// <inheritdoc/>
    public (IReadOnlyList<double> Values, IReadOnlyList<AssignedValue> Assigned) Up(
        SearchTree tree, IReadOnlyList<SearchNode> path, double value)
    {
        var leaf = path[^1];
        var buggy = IsBuggy(leaf);
        var assigned = new SortedDictionary<int, double>();
        if (!buggy)
        {
            foreach (var node in path)
            {
                assigned[node.Number] = ((node.Value * node.Visits) + value) / (node.Visits + 1);
            }
        }

        var shared = !buggy ? value : mostFixes == 0 ? 0 : Mended * FixesLeft(leaf) / mostFixes;
        assigned[leaf.Number] = shared;
        for (var node = leaf; node.Action == StepAction.Fix; node = node.Parent!)
        {
            assigned[node.Parent!.Number] = shared;
        }

        return ([], [.. assigned.Select(one => new AssignedValue(one.Key, one.Value))]);
    }
}
