namespace O1Coder.Search;

/// <summary>
/// The tree of one search. It changes only by applying events, in a search as in a replay, so both give the same tree
/// bit for bit. Not safe for concurrent use.
/// </summary>
public sealed class SearchTree
{
    private readonly List<SearchNode> _nodes;
    private readonly List<NodesCompared> _comparisons = [];
    private readonly Dictionary<string, Judgement> _judgements = new(StringComparer.Ordinal);

    /// <summary>The tree of a problem before its search.</summary>
    public SearchTree()
        : this(key: 0)
    {
    }

    /// <summary>The tree of a search that begins.</summary>
    /// <param name="key">The root's <see cref="SearchNode.Key"/>.</param>
    internal SearchTree(ulong key) => _nodes = [new SearchNode(null, key, StepAction.Root, "", false, 0)];

    /// <summary>All nodes; a node's place is its number.</summary>
    public IReadOnlyList<SearchNode> Nodes => _nodes;

    /// <summary>The problem itself.</summary>
    public SearchNode Root => _nodes[0];

    /// <summary>Steps on the longest path.</summary>
    public int Depth { get; private set; }

    /// <summary>Rollouts that were backed up.</summary>
    public int Rollouts { get; private set; }

    /// <summary>Nodes whose program has a verdict, reused verdicts included.</summary>
    public int ProgramsJudged { get; private set; }

    /// <summary>Tokens of all nodes, and of what was said about them.</summary>
    public long Tokens { get; private set; }

    /// <summary>Distinct programs that were judged.</summary>
    public int SandboxRuns => _judgements.Count;

    /// <summary>Comparisons of programs, in the order they came.</summary>
    public IReadOnlyList<NodesCompared> Comparisons => _comparisons;

    /// <summary>
    /// The node with the best judged program: one that passes every test, then largest value, then smallest number; null
    /// before the first.
    /// </summary>
    public SearchNode? Best { get; private set; }

    /// <summary>Applies one event; events that tell nothing about the tree change nothing.</summary>
    /// <exception cref="InvalidDataException">The event does not fit the tree: events are missing or out of order.</exception>
    public void Apply(SearchEvent change)
    {
        switch (change)
        {
            case NodeAdded added:
                Add(added);
                break;
            case ProgramJudged judged:
                Judge(judged);
                break;
            case RolloutFinished rollout:
                BackUp(rollout);
                break;
            case NodeRevised revised:
                Revise(revised);
                break;
            case NodeReflected reflected:
                Reflect(reflected);
                break;
            case NodesCompared compared:
                Compare(compared);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over each node in order: number, parent, action, depth, text, terminal,
    /// tokens, visits, the bits of W and of the best value, the judged program with its value and verdict; where there are
    /// any the process reward, prior, log-probability, feedback, revisions and assigned value; and the comparisons.
    /// Equal trees have equal hashes.
    /// </summary>
    public string ComputeHash() => TreeHash.Of(this);

    /// <summary>What a program came to that was judged before; null when it was not.</summary>
    internal Judgement? JudgementOf(string program) => _judgements.GetValueOrDefault(program);

    /// <summary>Takes in a node that a rollout brought, whose event was not applied yet.</summary>
    /// <param name="node">The node; its parent is in the tree.</param>
    /// <param name="added">Its event.</param>
    /// <exception cref="InvalidDataException">The event does not fit the tree.</exception>
    internal void Join(SearchNode node, NodeAdded added)
    {
        Check(added);
        node.Join(added.Node);
        node.LoggedText = added.Text;
        _nodes.Add(node);
        Depth = Math.Max(Depth, added.Depth);
        Tokens += added.Tokens;
    }

    private void Add(NodeAdded added) => Join(
        new SearchNode(Find(added.Parent, "parent"), 0, added.Action, added.Text, added.Terminal, added.Tokens)
        {
            ProcessReward = added.ProcessReward,
            Prior = added.Prior,
            LogProbability = added.LogProbability,
            Carry = added.Carry,
        },
        added);

    private void Check(NodeAdded added)
    {
        var parent = Find(added.Parent, "parent");
        if (added.Node != _nodes.Count)
        {
            throw new InvalidDataException($"node is '{added.Node}': expected {_nodes.Count}, the next number");
        }

        if (added.Depth != parent.Depth + 1)
        {
            throw new InvalidDataException($"depth of node {added.Node} is '{added.Depth}': expected {parent.Depth + 1}");
        }

        if (parent.Terminal)
        {
            throw new InvalidDataException($"parent of node {added.Node} is '{added.Parent}': expected a node that is not terminal");
        }

        CheckShare(added.ProcessReward, "process reward", added.Node);
        CheckShare(added.Prior, "prior", added.Node);
        if (added.LogProbability is { } logarithm && !(double.IsFinite(logarithm) && logarithm <= 0))
        {
            throw new InvalidDataException($"log-probability of node {added.Node} is '{logarithm}': expected a finite number of at most 0");
        }
    }

    private static void CheckShare(double? share, string field, int node)
    {
        if (share is not (null or (>= 0 and <= 1)))
        {
            throw new InvalidDataException($"{field} of node {node} is '{share}': expected a number in [0, 1]");
        }
    }

    private void Revise(NodeRevised revised)
    {
        var node = Find(revised.Node, "node");
        if (node.Terminal || node.Open.Count > 0)
        {
            throw new InvalidDataException($"node is '{revised.Node}': expected an unfinished node without unfinished children");
        }

        (node.Text, node.LoggedText) = (revised.Text, revised.Text);
        node.Tokens += revised.Tokens;
        node.Carry = revised.Carry ?? node.Carry;
        node.Revisions++;
        Tokens += revised.Tokens;
    }

    private void Reflect(NodeReflected reflected)
    {
        var node = Find(reflected.Node, "node");
        (node.Feedback, node.LoggedFeedback) = (reflected.Text, reflected.Text);
        Tokens += reflected.Tokens;
    }

    private void Compare(NodesCompared compared)
    {
        Find(compared.First, "first");
        Find(compared.Second, "second");
        _comparisons.Add(compared.Preference is >= 0 and <= 1
            ? compared
            : throw new InvalidDataException($"preference is '{compared.Preference}': expected a number in [0, 1]"));
    }

    private void Judge(ProgramJudged judged)
    {
        var node = Find(judged.Node, "node");
        if (node.Judgement is not null)
        {
            throw new InvalidDataException($"node is '{judged.Node}': expected one that was not judged before");
        }

        node.Program = judged.Program;
        node.Judgement = judged.Judgement;
        _judgements.TryAdd(judged.Program, judged.Judgement);
        ProgramsJudged++;
        if (judged.Judgement.Excluded)
        {
            return;
        }

        node.OwnValue = judged.Value;
        if (Best is null || Rank(node).CompareTo(Rank(Best)) > 0)
        {
            Best = node;
        }
    }

    // With α = 1 a program that only compiles is worth as much as one that passes every test.
    private static (bool Accepted, double? Value, int Earlier) Rank(SearchNode node) =>
        (node.Judgement!.Accepted, node.OwnValue, -node.Number);

    private void BackUp(RolloutFinished rollout)
    {
        if (rollout.Rollout != Rollouts + 1)
        {
            throw new InvalidDataException($"rollout is '{rollout.Rollout}': expected {Rollouts + 1}, the next number");
        }

        SearchNode? above = null;
        foreach (var number in rollout.Path)
        {
            var node = Find(number, "path");
            if (node.Parent != above)
            {
                throw new InvalidDataException($"path of rollout {rollout.Rollout} holds '{number}': expected a child of the node before it");
            }

            above = node;
        }

        if (rollout.Values.Count is var count && count != 0 && count != rollout.Path.Count)
        {
            throw new InvalidDataException($"values of rollout {rollout.Rollout} are {count}: expected one a node of the path, {rollout.Path.Count}");
        }

        for (var node = above; node is not null; node = node.Parent)
        {
            var value = count == 0 ? rollout.Value : rollout.Values[node.Depth];
            node.Visits++;
            node.ValueSum += value;
            node.BestValue = Math.Max(node.BestValue, value);
            node.Tell();
            if (node.Terminal && node.Parent is { } parent)
            {
                parent.TerminalVisits++;
                parent.TerminalValueSum += value;
            }
        }

        foreach (var (node, value) in rollout.Assigned)
        {
            var given = Find(node, "assigned");
            given.AssignedValue = double.IsFinite(value)
                ? value
                : throw new InvalidDataException($"assigned value of node {node} is '{value}': expected a finite number");
            given.Tell();
        }

        Rollouts++;
    }

    private SearchNode Find(int number, string field) => number >= 0 && number < _nodes.Count
        ? _nodes[number]
        : throw new InvalidDataException($"{field} is '{number}': expected the number of a node in [0, {_nodes.Count})");
}
