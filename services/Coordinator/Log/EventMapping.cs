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
                Failure = judged.Judgement.Failure,
            },
        },
        RolloutFinished rollout => new V1.SolveResponse
        {
            RolloutFinished = new V1.RolloutFinished
            {
                Rollout = rollout.Rollout,
                Path = { rollout.Path },
                Value = rollout.Value,
                Values = { rollout.Values },
                Assigned = { rollout.Assigned.Select(one => new V1.AssignedValue { Node = one.Node, Value = one.Value }) },
            },
        },
        NodeRevised revised => new V1.SolveResponse { NodeRevised = ToWire(revised) },
        NodeReflected reflected => new V1.SolveResponse
        {
            NodeReflected = new V1.NodeReflected
            {
                Node = reflected.Node,
                Text = reflected.Text,
                Tokens = reflected.Tokens,
                Seed = reflected.Seed,
            },
        },
        NodesCompared compared => new V1.SolveResponse
        {
            NodesCompared = new V1.NodesCompared { First = compared.First, Second = compared.Second, Preference = compared.Preference },
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
            Prior = one.NodeAdded.HasPrior ? one.NodeAdded.Prior : null,
            LogProbability = one.NodeAdded.HasLogProbability ? one.NodeAdded.LogProbability : null,
            Seed = one.NodeAdded.Seed,
        },
        V1.SolveResponse.EventOneofCase.ProgramJudged => FromWire(one.ProgramJudged),
        V1.SolveResponse.EventOneofCase.RolloutFinished => new RolloutFinished(
            one.RolloutFinished.Rollout, [.. one.RolloutFinished.Path], one.RolloutFinished.Value)
        {
            Values = [.. one.RolloutFinished.Values],
            Assigned = [.. one.RolloutFinished.Assigned.Select(assigned => new AssignedValue(assigned.Node, assigned.Value))],
        },
        V1.SolveResponse.EventOneofCase.NodeRevised => new NodeRevised(
            one.NodeRevised.Node, one.NodeRevised.Text, one.NodeRevised.Tokens)
        {
            Tail = one.NodeRevised.Tail,
            Seed = one.NodeRevised.Seed,
        },
        V1.SolveResponse.EventOneofCase.NodeReflected => new NodeReflected(
            one.NodeReflected.Node, one.NodeReflected.Text, one.NodeReflected.Tokens)
        {
            Seed = one.NodeReflected.Seed,
        },
        V1.SolveResponse.EventOneofCase.NodesCompared => new NodesCompared(
            one.NodesCompared.First, one.NodesCompared.Second, one.NodesCompared.Preference),
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
            Seed = added.Seed,
        };
        if (added.Prior is { } prior)
        {
            node.Prior = prior;
        }

        if (added.LogProbability is { } logarithm)
        {
            node.LogProbability = logarithm;
        }

        if (added.Carry is StepCarry carry)
        {
            node.PromptTokens.AddRange(carry.Read);
            node.GeneratedTokens.AddRange(carry.Wrote);
        }

        if (added.ProcessReward is { } reward)
        {
            node.ProcessReward = reward;
        }

        return node;
    }

    private static V1.NodeRevised ToWire(NodeRevised revised)
    {
        var node = new V1.NodeRevised
        {
            Node = revised.Node,
            Text = revised.Text,
            Tail = revised.Tail,
            Tokens = revised.Tokens,
            Seed = revised.Seed,
        };
        if (revised.Carry is StepCarry carry)
        {
            node.PromptTokens.AddRange(carry.Read);
            node.GeneratedTokens.AddRange(carry.Wrote);
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
            Failure = judged.Failure,
            Excluded = judged.Verdict is V1.Verdict.InternalError or V1.Verdict.Unspecified,
            Cached = judged.Cached,
        },
        judged.Value,
        Reused: false);
}
