using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Reads the full paths of a search out of its events.</summary>
internal static class PathExtraction
{
    /// <summary>
    /// The paths from the root to every program that was judged and backed up, in the order of their nodes' numbers. The
    /// search valued its steps by the visible tests; here they are valued by all of them. A program that was written in the
    /// place of another is a path of its own, whose prompt shows that one.
    /// </summary>
    /// <param name="problem">The problem as the search took it.</param>
    /// <param name="events">The search's events.</param>
    /// <param name="round">The round of searches.</param>
    /// <param name="judge">Judges a program that passes the visible tests by all tests: verdict and share passed.</param>
    /// <exception cref="InvalidDataException">The events do not fit together.</exception>
    public static async Task<IReadOnlyList<PathRow>> ReadAsync(
        V1.Problem problem, IReadOnlyList<V1.SolveResponse> events, int round, Func<string, Task<V1.ExecuteResponse>> judge)
    {
        var started = events.First(one => one.Started is not null).Started;
        var tree = SearchReplay.Rebuild(events.Select(EventMapping.FromWire).OfType<SearchEvent>());
        var origins = new PathOrigins(events);
        var read = ProblemReading.Read(problem);
        var view = new ProblemView(read.Statement, read.Mode, read.Signature, read.EntryPoint, TestSplit.Of(read).Visible);
        var outcome = new OutcomeReward(started.Options.CompileWeight);
        var verdicts = new Dictionary<string, (string Verdict, double Reward, PathTests Tests)>(StringComparer.Ordinal);
        var leaves = tree.Nodes.Where(node => node is { Visits: > 0, Program: not null, OwnValue: not null } && origins.RolloutsAt(node) > 0).ToList();

        // What hidden tests take from the sum W of each node: a program that fails them must not make its steps look good. Some
        // methods back up something else than the reward.
        var lost = new double[tree.Nodes.Count];
        foreach (var leaf in leaves)
        {
            var program = leaf.Program!;
            if (!verdicts.TryGetValue(program, out var verdict))
            {
                var visible = leaf.Judgement!;
                verdict = (visible.Verdict, leaf.OwnValue!.Value, new PathTests(new TestCount(visible.Passed, visible.Total), null));
                if (visible.Accepted)
                {
                    var all = await judge(program);
                    verdict = (all.Verdict.ToString(), outcome.Value(all.Compiled, all.Passed, all.Total), PathTests.Of(visible.Total, all));
                }

                verdicts.Add(program, verdict);
            }

            foreach (var node in leaf.PathFromRoot())
            {
                lost[node.Number] += origins.ValueAt(leaf) - (origins.RolloutsAt(leaf) * verdict.Reward);
            }
        }

        return [.. leaves.Select(Row)];

        PathRow Row(SearchNode leaf)
        {
            var program = leaf.Program!;
            var verdict = verdicts[program];
            var steps = WireSteps.NodesOf(leaf.PathFromRoot(), last: true);
            return new PathRow
            {
                Id = $"{started.SearchId}/{leaf.Number}",
                Problem = problem.Id,
                SearchId = started.SearchId,
                Round = round,
                Seed = started.Options.Seed,
                Adapter = started.Model.AdapterVersion,
                Steps =
                [
                    .. steps.Select(node => node == leaf
                        ? new PathStep(node.Number, nameof(StepAction.Code), program, verdict.Reward, origins.RolloutsAt(leaf))
                        : new PathStep(node.Number, node.Action.ToString(), node.Text, ValueOf(node), node.Visits)),
                ],
                Program = program,
                Verdict = verdict.Verdict,
                Reward = verdict.Reward,
                Tests = verdict.Tests,
                Prompt = PathText.PromptOf(view, steps[0], origins.CritiqueOf(steps[0])).Messages,
                Completion = PathText.CompletionOf([.. steps.Select(node => (node.Action, node.Text, origins.TailOf(node)))], program),
            };
        }

        double ValueOf(SearchNode node) => Math.Clamp((node.ValueSum - lost[node.Number]) / node.Visits, 0, 1);
    }
}
