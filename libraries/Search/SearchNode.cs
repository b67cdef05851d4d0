namespace O1Coder.Search;

/// <summary>
/// One reasoning step in the tree. Visits and values change only through <see cref="SearchTree.Apply"/>.
/// </summary>
public sealed class SearchNode
{
    private readonly List<SearchNode> _children = [];

    internal SearchNode(int number, SearchNode? parent, StepAction action, string text, bool terminal, int tokens)
    {
        Number = number;
        Parent = parent;
        Action = action;
        Text = text;
        Terminal = terminal;
        Tokens = tokens;
        Depth = parent is null ? 0 : parent.Depth + 1;
        Ordinal = parent is null ? 0 : parent._children.Count;
        parent?._children.Add(this);
    }

    /// <summary>The node's number: the root is 0, the others count up in the order they came.</summary>
    public int Number { get; }

    /// <summary>The node above; null for the root.</summary>
    public SearchNode? Parent { get; }

    /// <summary>The nodes below, in the order they came.</summary>
    public IReadOnlyList<SearchNode> Children => _children;

    /// <summary>The node's place among its parent's children, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>Steps from the root.</summary>
    public int Depth { get; }

    /// <summary>What the step does.</summary>
    public StepAction Action { get; }

    /// <summary>The step's text.</summary>
    public string Text { get; }

    /// <summary>Tokens generated for it.</summary>
    public int Tokens { get; }

    /// <summary>Whether the path ends here.</summary>
    public bool Terminal { get; }

    /// <summary>r: the process reward of an unfinished node, in [0, 1]; null where none was asked for.</summary>
    public double? ProcessReward { get; internal set; }

    /// <summary>The program that it holds, if any. A tree rebuilt from events knows it once it was judged.</summary>
    public string? Program { get; internal set; }

    /// <summary>What the judge said, once it was asked.</summary>
    public Judgement? Judgement { get; internal set; }

    /// <summary>The value on the visible tests, once judged and not excluded.</summary>
    public double? OwnValue { get; internal set; }

    /// <summary>Visit count N: rollouts that went through here.</summary>
    public int Visits { get; internal set; }

    /// <summary>W: the sum of those rollouts' values.</summary>
    public double ValueSum { get; internal set; }

    /// <summary>The largest of those values; 0 before the first.</summary>
    public double BestValue { get; internal set; }

    /// <summary>Value Q = W / N; 0 before the first visit.</summary>
    public double Value => Visits == 0 ? 0 : ValueSum / Visits;

    /// <summary>What the proposer left here; see <see cref="Proposal.Carry"/>.</summary>
    public object? Carry { get; internal set; }

    /// <summary>Times that children were asked for.</summary>
    internal int Expansions { get; set; }

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
}
