using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// The answers that a log holds: steps, revisions and reflections by the seed of the request that brought them, verdicts
/// by program, preferences by both programs, process rewards by path and step.
/// </summary>
internal sealed class LoggedAnswers
{
    private readonly Dictionary<ulong, List<V1.NodeAdded>> _steps = [];
    private readonly Dictionary<ulong, V1.NodeRevised> _revisions = [];
    private readonly Dictionary<ulong, Reflection> _reflections = [];
    private readonly Dictionary<string, Judgement> _judgements = new(StringComparer.Ordinal);
    private readonly Dictionary<(string First, string Second), double> _preferences = [];
    private readonly Dictionary<string, double> _rewards = new(StringComparer.Ordinal);

    private LoggedAnswers(IEnumerable<V1.SolveResponse> events)
    {
        var tree = new SearchTree();
        foreach (var one in events)
        {
            if (EventMapping.FromWire(one) is not { } told || told is SearchFinished)
            {
                continue;
            }

            tree.Apply(told);
            Keep(tree, one, told);
        }
    }

    /// <summary>The answers of a log.</summary>
    /// <exception cref="InvalidDataException">An event does not fit the tree.</exception>
    public static LoggedAnswers Of(IEnumerable<V1.SolveResponse> events) => new(events);

    /// <summary>Whoever a search asks, with the log's answers before theirs.</summary>
    public SearchRequest Before(SearchRequest request, SolvePlan plan) => request with
    {
        Proposer = new LoggedProposer(this, request.Proposer, plan),
        Judge = new LoggedJudge(this, request.Judge),
        Evaluator = request.Evaluator is { } evaluator ? new LoggedEvaluator(this, evaluator) : null,
        Reflector = request.Reflector is { } reflector ? new LoggedReflector(this, reflector) : null,
        Comparer = request.Comparer is { } comparer ? new LoggedComparer(this, comparer) : null,
    };

    /// <summary>The steps of one answer where all of them are in the log; else null.</summary>
    public IReadOnlyList<V1.NodeAdded>? Steps(ulong seed, int count) =>
        _steps.TryGetValue(seed, out var steps) && steps.Count == count ? steps : null;

    /// <summary>A revision.</summary>
    public V1.NodeRevised? Revision(ulong seed) => _revisions.GetValueOrDefault(seed);

    /// <summary>A reflection.</summary>
    public Reflection? Reflection(ulong seed) => _reflections.GetValueOrDefault(seed);

    /// <summary>The verdict on a program.</summary>
    public Judgement? Judgement(string program) => _judgements.GetValueOrDefault(program);

    /// <summary>The probability that the first program is better.</summary>
    public double? Preference(string first, string second) =>
        _preferences.TryGetValue((first, second), out var preference) ? preference : null;

    /// <summary>The process reward of a step behind a path.</summary>
    public double? Reward(IReadOnlyList<SearchNode> path, StepCandidate candidate) =>
        _rewards.TryGetValue(KeyOf(path, candidate), out var reward) ? reward : null;

    private static string KeyOf(IReadOnlyList<SearchNode> path, StepCandidate candidate)
    {
        var steps = new V1.ScoreStepsRequest();
        steps.Steps.AddRange(path.Skip(1).Select(node => Step(node.Action, node.Text)).Append(Step(candidate.Action, candidate.Text)));
        return CacheKey.Of("step", steps);
    }

    private static V1.ReasoningStep Step(StepAction action, string text) => new() { Action = (V1.StepAction)action, Text = text };

    private void Keep(SearchTree tree, V1.SolveResponse one, SearchEvent told)
    {
        switch (told)
        {
            case NodeAdded added:
                if (!_steps.TryGetValue(added.Seed, out var steps))
                {
                    _steps.Add(added.Seed, steps = []);
                }

                steps.Add(one.NodeAdded);
                if (added.ProcessReward is { } reward)
                {
                    var path = tree.Nodes[added.Parent].PathFromRoot();

                    // A node that is written anew later was another one when the reward was asked for, or was not: its
                    // reward is asked for again.
                    if (path.All(node => node.Revisions == 0))
                    {
                        _rewards.TryAdd(KeyOf(path, new StepCandidate(added.Action, added.Text)), reward);
                    }
                }

                break;
            case NodeRevised:
                _revisions.TryAdd(one.NodeRevised.Seed, one.NodeRevised);
                break;
            case NodeReflected reflected:
                _reflections.TryAdd(reflected.Seed, new Reflection(reflected.Text, reflected.Tokens));
                break;
            case ProgramJudged judged:
                _judgements.TryAdd(judged.Program, judged.Judgement);
                break;
            case NodesCompared compared when tree.Nodes[compared.First].Program is { } first && tree.Nodes[compared.Second].Program is { } second:
                _preferences.TryAdd((first, second), compared.Preference);
                break;
            default:
                break;
        }
    }
}
