using System.Runtime.InteropServices;

namespace O1Coder.Search;

/// <summary>
/// One reasoning step. Visits and values change only through <see cref="SearchTree.Apply"/>. A node that a rollout under
/// way has brought stands outside the tree, without a number and unknown to its parent, until the rollout's turn.
/// </summary>
public sealed class SearchNode
{
    private static readonly List<SearchNode> s_none = [];

    private List<SearchNode> _children = s_none;
    private List<Arm>? _ways;
    private int _way;
    private int _unobserved;

    internal SearchNode(SearchNode? parent, ulong key, StepAction action, string text, bool terminal, int tokens)
    {
        Parent = parent;
        Key = key;
        Action = action;
        Text = text;
        LoggedText = text;
        Terminal = terminal;
        Tokens = tokens;
        Depth = parent is null ? 0 : parent.Depth + 1;
        Number = parent is null ? 0 : -1;
    }

    /// <summary>The node's number: the root is 0, the others count up in the order they came; −1 outside the tree.</summary>
    public int Number { get; private set; }

    /// <summary>The node above; null for the root.</summary>
    public SearchNode? Parent { get; }

    /// <summary>The nodes below, in the order they came.</summary>
    public IReadOnlyList<SearchNode> Children => _children;

    /// <summary>The node's place among its parent's children, from 0.</summary>
    public int Ordinal { get; private set; }

    /// <summary>Steps from the root.</summary>
    public int Depth { get; }

    /// <summary>What the step does.</summary>
    public StepAction Action { get; }

    /// <summary>The step's text.</summary>
    public string Text { get; internal set; }

    /// <summary>Tokens generated for it.</summary>
    public int Tokens { get; internal set; }

    /// <summary>Whether the path ends here.</summary>
    public bool Terminal { get; }

    /// <summary>r: the process reward of an unfinished node, in [0, 1]; null where none was asked for.</summary>
    public double? ProcessReward { get; internal set; }

    /// <summary>P: the prior among its siblings, in [0, 1]; null where the method has none.</summary>
    public double? Prior { get; internal set; }

    /// <summary>The sum of its tokens' log-probabilities; null where none was asked for.</summary>
    public double? LogProbability { get; internal set; }

    /// <summary>The program that it holds, if any. A tree rebuilt from events knows it once it was judged.</summary>
    public string? Program { get; internal set; }

    /// <summary>What the judge said, once it was asked.</summary>
    public Judgement? Judgement { get; internal set; }

    /// <summary>The value on the visible tests, once judged and not excluded.</summary>
    public double? OwnValue { get; internal set; }

    /// <summary>What the model said about it: feedback on a failing test, or a critique; null for nothing.</summary>
    public string? Feedback { get; internal set; }

    /// <summary>
    /// The text as the events so far have it. The rollout that brought the node may have a newer one, which is told in its
    /// turn.
    /// </summary>
    internal string LoggedText { get; set; }

    /// <summary>The feedback as the events so far have it.</summary>
    internal string? LoggedFeedback { get; set; }

    /// <summary>The number of the rollout that brought the node; 0 in a tree rebuilt from events.</summary>
    internal int BornIn { get; init; }

    /// <summary>Times that its text was written anew.</summary>
    public int Revisions { get; internal set; }

    /// <summary>Visit count N: rollouts that went through here.</summary>
    public int Visits { get; internal set; }

    /// <summary>W: the sum of those rollouts' values.</summary>
    public double ValueSum { get; internal set; }

    /// <summary>The largest of those values; 0 before the first.</summary>
    public double BestValue { get; internal set; }

    /// <summary>Q as the method gave it; null where Q is the mean.</summary>
    public double? AssignedValue { get; internal set; }

    /// <summary>Value Q: what the method gave it, else W / N, else 0 before the first visit.</summary>
    public double Value => AssignedValue ?? (Visits == 0 ? 0 : ValueSum / Visits);

    /// <summary>
    /// O: rollouts under way that chose a way through here and have not come back (WU-UCT, Liu et al. 2020,
    /// arXiv 1810.11755, equation 3). Not part of the tree's events.
    /// </summary>
    public int Unobserved
    {
        get => _unobserved;
        internal set
        {
            _unobserved = value;
            Tell();
        }
    }

    /// <summary>N + O: visits and rollouts under way.</summary>
    internal int Entered => Visits + _unobserved;

    /// <summary>What the proposer left here; see <see cref="Proposal.Carry"/>.</summary>
    public object? Carry { get; internal set; }

    /// <summary>
    /// Who the node is, whatever else grew: derived from the seed and from which expansion of which ancestor brought
    /// which step. Everything random below the node comes from it. 0 in a tree rebuilt from events.
    /// </summary>
    internal ulong Key { get; }

    /// <summary>Times that children were asked for.</summary>
    internal int Expansions { get; set; }

    /// <summary>Visits of terminal children, so that a node with many finished children is not walked each time.</summary>
    internal int TerminalVisits { get; set; }

    /// <summary>The sum of terminal children's values.</summary>
    internal double TerminalValueSum { get; set; }

    /// <summary>Children that are not terminal.</summary>
    internal List<SearchNode> Open { get; private set; } = s_none;

    /// <summary>Children that may never have been entered; who chooses among them drops those that were.</summary>
    internal List<SearchNode> Fresh { get; private set; } = s_none;

    /// <summary>
    /// What a selection reads of the children that are not terminal, side by side in memory, since a large tree's nodes are
    /// not: in their order, priors not yet divided.
    /// </summary>
    internal Span<Arm> Ways => CollectionsMarshal.AsSpan(_ways);

    /// <summary>Lets the parent know what a selection reads of this node, after it changed.</summary>
    internal void Tell()
    {
        if (!Terminal && Parent?._ways is { } ways && Number >= 0)
        {
            ways[_way] = Arm;
        }
    }

    private Arm Arm => new(this, Visits, Entered, Value, Prior ?? 0);

    /// <summary>Those of <see cref="Fresh"/> that are terminal.</summary>
    internal List<SearchNode> FreshEnds { get; private set; } = s_none;

    /// <summary>The nodes from the root to this one.</summary>
    public IReadOnlyList<SearchNode> PathFromRoot()
    {
        var path = new SearchNode[Depth + 1];
        for (var node = this; node is not null; node = node.Parent)
        {
            path[node.Depth] = node;
        }

        return path;
    }

    /// <summary>Joins the tree: the parent, which is in the tree, takes it as its last child.</summary>
    internal void Join(int number)
    {
        Number = number;
        var parent = Parent!;
        Ordinal = parent._children.Count;
        parent._children = With(parent._children, this);
        parent.Fresh = With(parent.Fresh, this);
        if (Terminal)
        {
            parent.FreshEnds = With(parent.FreshEnds, this);
        }
        else
        {
            parent.Open = With(parent.Open, this);
            _way = parent.Open.Count - 1;
            (parent._ways ??= []).Add(Arm);
        }
    }

    // Most nodes never get children: they share one empty list.
    private static List<SearchNode> With(List<SearchNode> list, SearchNode node)
    {
        if (ReferenceEquals(list, s_none))
        {
            return [node];
        }

        list.Add(node);
        return list;
    }
}
