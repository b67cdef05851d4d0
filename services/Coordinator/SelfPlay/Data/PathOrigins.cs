using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>What a search's events tell of its nodes beside the tree.</summary>
internal sealed class PathOrigins
{
    private readonly Dictionary<int, string> _tails = [];
    private readonly Dictionary<int, string> _critiques = [];
    private readonly Dictionary<int, (int Rollouts, double Value)> _ended = [];

    /// <summary>Reads the events.</summary>
    public PathOrigins(IReadOnlyList<V1.SolveResponse> events)
    {
        var said = new Dictionary<int, string>();
        foreach (var one in events)
        {
            switch (one.EventCase)
            {
                case V1.SolveResponse.EventOneofCase.NodeAdded:
                    _tails[one.NodeAdded.Node] = one.NodeAdded.Tail;
                    if (one.NodeAdded.Action == V1.StepAction.Rewrite && said.TryGetValue(one.NodeAdded.Parent, out var critique))
                    {
                        // A rollout's events stand together: what was said last was said for this.
                        _critiques[one.NodeAdded.Node] = critique;
                    }

                    break;
                case V1.SolveResponse.EventOneofCase.NodeRevised:
                    _tails[one.NodeRevised.Node] = one.NodeRevised.Tail;
                    break;
                case V1.SolveResponse.EventOneofCase.NodeReflected:
                    said[one.NodeReflected.Node] = one.NodeReflected.Text;
                    break;
                case V1.SolveResponse.EventOneofCase.RolloutFinished:
                    var leaf = one.RolloutFinished.Path[^1];
                    var (rollouts, value) = _ended.GetValueOrDefault(leaf);
                    _ended[leaf] = (rollouts + 1, value + one.RolloutFinished.Value);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What was written after a step's text.</summary>
    public string TailOf(SearchNode node) => _tails[node.Number];

    /// <summary>The critique that a rewritten program was asked for with; null for none.</summary>
    public string? CritiqueOf(SearchNode node) => _critiques.GetValueOrDefault(node.Number);

    /// <summary>Rollouts that ended at a node.</summary>
    public int RolloutsAt(SearchNode node) => _ended.GetValueOrDefault(node.Number).Rollouts;

    /// <summary>The sum of the values that they backed up.</summary>
    public double ValueAt(SearchNode node) => _ended.GetValueOrDefault(node.Number).Value;
}
