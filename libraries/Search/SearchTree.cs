using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Search;

/// <summary>
/// The tree of one search. It changes only by applying events, in a search as in a replay, so both give the same tree
/// bit for bit. Not safe for concurrent use.
/// </summary>
public sealed class SearchTree
{
    private readonly List<SearchNode> _nodes = [new SearchNode(0, null, StepAction.Root, "", false, 0)];

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

    /// <summary>Tokens of all nodes.</summary>
    public long Tokens { get; private set; }

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
            default:
                break;
        }
    }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over each node in order: number, parent, action, depth, text, terminal,
    /// tokens, visits, the bits of W and of the best value, the judged program with its value and verdict, and the
    /// process reward where there is one.
    /// Equal trees have equal hashes.
    /// </summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[48];
        foreach (var node in _nodes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, node.Number);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], node.Parent?.Number ?? -1);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], (int)node.Action);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], node.Depth);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[16..], node.Terminal ? 1 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[20..], node.Tokens);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[24..], node.Visits);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[28..], BitConverter.DoubleToInt64Bits(node.ValueSum));
            BinaryPrimitives.WriteInt64LittleEndian(numbers[36..], BitConverter.DoubleToInt64Bits(node.BestValue));
            BinaryPrimitives.WriteInt32LittleEndian(numbers[44..], (node.Judgement is null ? 0 : 1) + (node.ProcessReward is null ? 0 : 2));
            hash.AppendData(numbers);
            AppendText(hash, node.Text);
            if (node.ProcessReward is { } reward)
            {
                BinaryPrimitives.WriteInt64LittleEndian(numbers, BitConverter.DoubleToInt64Bits(reward));
                hash.AppendData(numbers[..8]);
            }

            if (node.Judgement is { } judgement)
            {
                AppendText(hash, node.Program ?? "");
                AppendText(hash, judgement.Verdict);
                BinaryPrimitives.WriteInt64LittleEndian(numbers, BitConverter.DoubleToInt64Bits(node.OwnValue ?? -1));
                BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], judgement.Passed);
                BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], judgement.Total);
                hash.AppendData(numbers[..16]);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private void Add(NodeAdded added)
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

        if (added.ProcessReward is not (null or (>= 0 and <= 1)))
        {
            throw new InvalidDataException($"process reward of node {added.Node} is '{added.ProcessReward}': expected a number in [0, 1]");
        }

        _nodes.Add(new SearchNode(added.Node, parent, added.Action, added.Text, added.Terminal, added.Tokens) { ProcessReward = added.ProcessReward });
        Depth = Math.Max(Depth, added.Depth);
        Tokens += added.Tokens;
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

        for (var node = above; node is not null; node = node.Parent)
        {
            node.Visits++;
            node.ValueSum += rollout.Value;
            node.BestValue = Math.Max(node.BestValue, rollout.Value);
        }

        Rollouts++;
    }

    private SearchNode Find(int number, string field) => number >= 0 && number < _nodes.Count
        ? _nodes[number]
        : throw new InvalidDataException($"{field} is '{number}': expected the number of a node in [0, {_nodes.Count})");
}
