using System.Text.Json;
using Google.Protobuf;
using O1Coder.Search;

namespace O1Coder.Coordinator.Seeing;

/// <summary>
/// Replays a search's events and keeps beside the tree what each node was made from. The log tells no prompts: they are
/// rebuilt by the code that made them, from the state of the tree at that point.
/// </summary>
internal sealed class TreeBuilder
{
    private static readonly JsonFormatter s_json = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    private readonly ProblemView _problem;
    private readonly V1.SearchOptions _options;
    private readonly SearchTree _tree = new();
    private readonly List<IReadOnlyList<TreeMessage>> _chats = [];
    private readonly List<JsonElement> _sampling = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<TreeOrigin> _origins = [new TreeOrigin()];
    private readonly List<TreeEvent> _events = [];
    private long _sequence;

    /// <summary>Makes an empty tree.</summary>
    /// <param name="problem">What the model knew of the problem.</param>
    /// <param name="options">The options in force.</param>
    public TreeBuilder(ProblemView problem, V1.SearchOptions options) => (_problem, _options) = (problem, options);

    /// <summary>The tree so far.</summary>
    public SearchTree Tree => _tree;

    /// <summary>Chats that paths begin with.</summary>
    public IReadOnlyList<IReadOnlyList<TreeMessage>> Chats => _chats;

    /// <summary>Parameters that steps were sampled with.</summary>
    public IReadOnlyList<JsonElement> Sampling => _sampling;

    /// <summary>The events so far.</summary>
    public IReadOnlyList<TreeEvent> Events => _events;

    /// <summary>The nodes as they are now.</summary>
    public IReadOnlyList<TreeNode> Nodes => [.. _tree.Nodes.Zip(_origins, ToNode)];

    /// <summary>Applies one event of a log.</summary>
    /// <param name="one">The event.</param>
    /// <exception cref="InvalidDataException">It does not fit the tree.</exception>
    public void Apply(V1.SolveResponse one)
    {
        if (EventMapping.FromWire(one) is not { } change)
        {
            return;
        }

        _sequence = one.Sequence > 0 ? one.Sequence : _sequence + 1;
        switch (change)
        {
            case NodeAdded added:
                Add(added);
                break;
            case NodeRevised revised:
                Revise(revised);
                break;
            case RolloutFinished rollout:
                BackUp(rollout);
                break;
            case ProgramJudged judged:
                _tree.Apply(judged);
                _events.Add(new TreeEvent(_sequence, "judged", judged.Node));
                break;
            case NodeReflected reflected:
                _tree.Apply(reflected);
                _events.Add(new TreeEvent(_sequence, "reflected", reflected.Node) { Text = reflected.Text });
                break;
            case NodesCompared compared:
                _tree.Apply(compared);
                _events.Add(new TreeEvent(_sequence, "compared", compared.First) { Other = compared.Second, Value = compared.Preference });
                break;
            default:
                break;
        }
    }

    private void Add(NodeAdded added)
    {
        var origin = new TreeOrigin { Seed = added.Seed, Tail = added.Tail };
        if (added.Parent >= 0 && added.Parent < _tree.Nodes.Count)
        {
            LookInto(origin, _tree.Nodes[added.Parent], added);
        }

        // The prompts of the node's children ask for what ended it; its tokens are the parent's and its own.
        _tree.Apply(added with { Carry = added.Terminal ? null : CarryOf(added.Tail) });
        origin.Given = GivenOf(origin.Saw, added.Text);
        _origins.Add(origin);
        _events.Add(new TreeEvent(_sequence, "added", added.Node));
    }

    private void LookInto(TreeOrigin origin, SearchNode parent, NodeAdded added)
    {
        var request = PolicyProposer.RequestFor(_problem, _options, new ProposalRequest
        {
            Path = parent.PathFromRoot(),
            Action = added.Action,
            Count = 1,
            Greedy = IsGreedy(added.Node),
            Seed = 0,
        });
        origin.Saw = [.. request.Prompt.Parts.Select(part => SightOf(part, parent))];
        origin.Sampling = PlaceOf(s_json.Format(request.Sampling), text =>
        {
            _sampling.Add(Parse(text));
            return _sampling.Count - 1;
        });
    }

    // The log does not say so: the first node of a search that begins with the likeliest program is that program.
    private bool IsGreedy(int node) => _options.Strategy == V1.Strategy.Greedy || (node == 1 && _options.FastAnswer);

    private TreeSight SightOf(V1.PromptPart part, SearchNode parent) => part.KindCase switch
    {
        V1.PromptPart.KindOneofCase.Chat => new TreeSight { Chat = ChatOf(part.Chat) },
        V1.PromptPart.KindOneofCase.Tokens => new TreeSight { Path = parent.Number, Revision = parent.Revisions },
        _ => new TreeSight { Text = part.Text },
    };

    private int ChatOf(V1.ChatPrompt chat) => PlaceOf(s_json.Format(chat), _ =>
    {
        _chats.Add([.. chat.Messages.Select(message => new TreeMessage(message.Role.ToString().ToLowerInvariant(), message.Content))]);
        return _chats.Count - 1;
    });

    private int PlaceOf(string text, Func<string, int> add)
    {
        if (!_places.TryGetValue(text, out var place))
        {
            place = add(text);
            _places.Add(text, place);
        }

        return place;
    }

    private void Revise(NodeRevised revised)
    {
        var before = revised.Node >= 0 && revised.Node < _tree.Nodes.Count ? _tree.Nodes[revised.Node].Text : "";
        _tree.Apply(revised with { Carry = CarryOf(revised.Tail) });
        var origin = _origins[revised.Node];
        origin.Earlier.Add(new TreeText(before, origin.Tail, origin.Given));
        (origin.Tail, origin.Given) = (revised.Tail, GivenOf(origin.Saw, revised.Text));
        _events.Add(new TreeEvent(_sequence, "revised", revised.Node));
    }

    private void BackUp(RolloutFinished rollout)
    {
        _tree.Apply(rollout);
        var changed = rollout.Path.Concat(rollout.Assigned.Select(one => one.Node)).Distinct();
        _events.Add(new TreeEvent(_sequence, "rollout", rollout.Path[^1])
        {
            Value = rollout.Value,
            Changes = [.. changed.Select(number => _tree.Nodes[number]).Select(node => new double[] { node.Number, node.Visits, node.Value })],
        });
    }

    private static StepCarry CarryOf(string tail) => new([], PathText.EndedBy(tail), 0, 0);

    // An opening may end with the number that the step's text begins with.
    private static int GivenOf(IReadOnlyList<TreeSight> saw, string text)
    {
        const string number = "1.";
        return saw.Count > 0 && saw[^1].Text is { } opening && opening.EndsWith(number, StringComparison.Ordinal)
            && text.StartsWith(number, StringComparison.Ordinal) ? number.Length : 0;
    }

    private static TreeNode ToNode(SearchNode node, TreeOrigin origin) => new()
    {
        Node = node.Number,
        Parent = node.Parent?.Number,
        Action = Words.Snake(node.Action.ToString()),
        Depth = node.Depth,
        Terminal = node.Terminal,
        Visits = node.Visits,
        Value = node.Value,
        BestValue = node.BestValue,
        Prior = node.Prior,
        ProcessReward = node.ProcessReward,
        LogProbability = node.LogProbability,
        Tokens = node.Tokens,
        Seed = $"{origin.Seed}",
        Text = node.Text,
        Tail = origin.Tail,
        Given = origin.Given,
        Earlier = origin.Earlier.Count > 0 ? origin.Earlier : null,
        Feedback = node.Feedback,
        Program = node.Program == node.Text ? null : node.Program,
        Verdict = node.Judgement is not { } judgement ? null : new TreeVerdict(
            judgement.Verdict, judgement.Passed, judgement.Total, node.OwnValue, judgement.Message, judgement.Failure, judgement.Cached),
        Saw = origin.Saw,
        Sampling = origin.Sampling,
    };

    /// <summary>A message as a JSON element, every field written.</summary>
    public static JsonElement Element(IMessage message) => Parse(s_json.Format(message));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
