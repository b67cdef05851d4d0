using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Events of the search library as search.proto has them, and back.</summary>
internal static class EventMapping
{
    /// <summary>The event for the log and the client; null for those that the runner fills in itself.</summary>
    public static V1.SolveResponse? ToWire(SearchEvent one) => one switch
    {
        NodeAdded added => new V1.SolveResponse { NodeAdded = ToWire(added) },
        ProgramJudged judged => new V1.SolveResponse
        {
            ProgramJudged = new V1.ProgramJudged
            {
                Node = judged.Node,
                Program = judged.Program,
                Verdict = Enum.Parse<V1.Verdict>(judged.Judgement.Verdict),
                Passed = judged.Judgement.Passed,
                Total = judged.Judgement.Total,
                Value = judged.Value,
                Message = judged.Judgement.Message,
                Cached = judged.Judgement.Cached || judged.Reused,
            },
        },
        RolloutFinished rollout => new V1.SolveResponse
        {
            RolloutFinished = new V1.RolloutFinished { Rollout = rollout.Rollout, Path = { rollout.Path }, Value = rollout.Value },
        },
        _ => null,
    };

    /// <summary>
    /// The event as the search library has it; null for those that say nothing about the tree. What the wire leaves
    /// out (whether a verdict was reused or came from the cache) does not touch the tree.
    /// </summary>
    public static SearchEvent? FromWire(V1.SolveResponse one) => one.EventCase switch
    {
        V1.SolveResponse.EventOneofCase.NodeAdded => new NodeAdded(
            one.NodeAdded.Node, one.NodeAdded.Parent, (StepAction)one.NodeAdded.Action, one.NodeAdded.Depth,
            one.NodeAdded.Text, one.NodeAdded.Terminal, one.NodeAdded.Tokens,
            one.NodeAdded.HasProcessReward ? one.NodeAdded.ProcessReward : null)
        {
            Tail = one.NodeAdded.Tail,
        },
        V1.SolveResponse.EventOneofCase.ProgramJudged => FromWire(one.ProgramJudged),
        V1.SolveResponse.EventOneofCase.RolloutFinished => new RolloutFinished(
            one.RolloutFinished.Rollout, [.. one.RolloutFinished.Path], one.RolloutFinished.Value),
        V1.SolveResponse.EventOneofCase.Finished => new SearchFinished(
            one.Finished.Outcome == V1.Outcome.BudgetSpent ? StopReason.BudgetSpent : StopReason.Passed,
            one.Finished.Node == 0 ? null : one.Finished.Node,
            one.Finished.Node == 0 ? null : one.Finished.Program,
            one.Finished.Value, one.Finished.TreeHash),
        _ => null,
    };

    private static V1.NodeAdded ToWire(NodeAdded added)
    {
        var node = new V1.NodeAdded
        {
            Node = added.Node,
            Parent = added.Parent,
            Action = (V1.StepAction)added.Action,
            Depth = added.Depth,
            Text = added.Text,
            Terminal = added.Terminal,
            Tokens = added.Tokens,
            Tail = added.Tail,
        };
        if (added.ProcessReward is { } reward)
        {
            node.ProcessReward = reward;
        }

        return node;
    }

    private static ProgramJudged FromWire(V1.ProgramJudged judged) => new(
        judged.Node,
        judged.Program,
        new Judgement
        {
            Compiled = judged.Verdict != V1.Verdict.CompileError,
            Passed = judged.Passed,
            Total = judged.Total,
            Verdict = judged.Verdict.ToString(),
            Message = judged.Message,
            Excluded = judged.Verdict is V1.Verdict.InternalError or V1.Verdict.Unspecified,
            Cached = judged.Cached,
        },
        judged.Value,
        Reused: false);
}
