using System.Runtime.InteropServices;

namespace O1Coder.Search;

/// <summary>
/// The way with the largest score; of equal ones the first. Ways are the unfinished children, the finished ones that were not
/// tried, and "new children here", which stands for all that were tried and have ended: going there again would spend a
/// rollout on a known value (see <see cref="UctSelection"/>). Where all have ended the node gets new children.
/// <para>
/// While other ways are open a node that was entered N times is expanded at most 1 + √N times (progressive widening, Coulom
/// 2007, "Computing Elo ratings of move patterns"): otherwise a node of a long search would have as many children as visits,
/// each of them entered once, and choosing among them would take as long as the search is old.
/// </para>
/// </summary>
/// <param name="options">Gives the depth limit.</param>
internal abstract class StepSelection(SearchOptions options) : ISelection
{
    // Choices are made in turn: one list serves them all.
    private readonly List<Arm> _arms = [];
    private double[] _scores = new double[16];

    /// <inheritdoc/>
    public SearchNode? Choose(SearchNode node, int rollout)
    {
        FindArms(node);
        if (_arms.Count == 0)
        {
            return null;
        }

        if (_scores.Length < _arms.Count)
        {
            _scores = new double[2 * _arms.Count];
        }

        var arms = CollectionsMarshal.AsSpan(_arms);
        var scores = _scores.AsSpan(0, arms.Length);
        Score(node, arms, scores);
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
            {
                best = i;
            }
        }

        return arms[best].Node;
    }

    /// <summary>Scores a node's ways.</summary>
    /// <param name="node">The node.</param>
    /// <param name="arms">Its ways, at least one.</param>
    /// <param name="scores">Takes one score a way.</param>
    protected abstract void Score(SearchNode node, ReadOnlySpan<Arm> arms, Span<double> scores);

    private void FindArms(SearchNode node)
    {
        var share = 1.0 / Math.Max(1, node.Expansions);
        _arms.Clear();
        var atLimit = node.Depth + 1 >= options.MaxDepth;
        if (!atLimit)
        {
            foreach (ref readonly var way in node.Ways)
            {
                _arms.Add(way with { Prior = way.Prior * share });
            }
        }

        foreach (var child in atLimit ? FreshChildren.Of(node) : FreshChildren.EndsOf(node))
        {
            _arms.Add(ArmOf(child, share));
        }

        if (_arms.Count > 0 && MayWiden(node) && Ended(node, atLimit) is { Visits: > 0 } ended)
        {
            _arms.Add(ended);
        }
    }

    private static bool MayWiden(SearchNode node) => node.Expansions < 1 + Math.Sqrt(node.Entered);

    private static Arm ArmOf(SearchNode child, double share) =>
        new(child, child.Visits, child.Entered, child.Value, child.Prior.GetValueOrDefault() * share);

    // Q is the mean over all of them. Their prior is what the others leave, as all of a node's priors sum to its expansions.
    private Arm Ended(SearchNode node, bool atLimit)
    {
        var (visits, value) = (node.TerminalVisits, node.TerminalValueSum);
        if (atLimit)
        {
            foreach (var child in node.Open)
            {
                visits += child.Visits;
                value += child.ValueSum;
            }
        }

        var others = 0.0;
        foreach (var arm in _arms)
        {
            others += arm.Prior;
        }

        return new Arm(null, visits, visits, visits == 0 ? 0 : value / visits, Math.Clamp(1 - others, 0, 1));
    }
}
