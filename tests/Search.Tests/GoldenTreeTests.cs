namespace O1Coder.Search.Tests;

/// <summary>Trees that can be checked by hand: the numbers here are worked out from the formulas, not by the library.</summary>
public sealed class GoldenTreeTests
{
    private static readonly ActionPlan s_structureThenCode = new(
        Root: [StepAction.DefineStructure],
        RootWidening: [StepAction.Code],
        Step: [StepAction.Code],
        StepWidening: [StepAction.Code],
        CodeAtDepthLimit: true);

    // v = 0.1·compile + 0.9·passed/4.
    private static double V(int passed) => passed < 0 ? 0 : 0.1 + (0.9 * passed / 4);

    private static double Uct(double w, int n, int parent) => (w / n) + (2 * Math.Sqrt(Math.Log(parent) / n));

    [Fact]
    public async Task Four_rollouts_of_a_search_whose_every_choice_is_forced()
    {
        // Programs in the order they are written: greedy 0 of 4, then 2 of 4, 0 of 4, 1 of 4.
        var model = new ScriptedModel(0, 2, 0, 1);
        var options = new SearchOptions { SamplesPerExpansion = 1, Plan = s_structureThenCode };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 4 }, model);

        // Rollout 1: the greedy program, node 1.
        // Rollout 2: its only way at the root is to widen; the first real expansion gives outline 2, below it program 3.
        // Rollout 3: outline 2 against new children (node 1 speaks for them).
        var outline = Uct(V(2), 1, 2);
        var fresh = Uct(V(0), 1, 2);
        Assert.True(outline > fresh, "the outline wins: its program 4");

        // Rollout 4: the outline has two visits now.
        outline = Uct(V(2) + V(0), 2, 3);
        fresh = Uct(V(0), 1, 3);
        Assert.True(fresh > outline, "new children at the root win: program 5");

        int[][] paths = [[0, 1], [0, 2, 3], [0, 2, 4], [0, 5]];
        Assert.Equal(paths, events.OfType<RolloutFinished>().Select(rollout => rollout.Path.ToArray()));

        var tree = SearchReplay.Rebuild(events);
        var root = V(0) + V(2) + V(0) + V(1);
        (int Visits, double Sum, double Best)[] expected =
        [
            (4, root, V(2)), (1, V(0), V(0)), (2, V(2) + V(0), V(2)), (1, V(2), V(2)), (1, V(0), V(0)), (1, V(1), V(1)),
        ];
        Assert.Equal(expected.Length, tree.Nodes.Count);
        foreach (var (node, (visits, sum, best)) in tree.Nodes.Zip(expected))
        {
            Assert.Equal(visits, node.Visits);
            Assert.Equal(sum, node.ValueSum, tolerance: 1e-12);
            Assert.Equal(sum / visits, node.Value, tolerance: 1e-12);
            Assert.Equal(best, node.BestValue, tolerance: 1e-12);
        }

        Assert.Equal(3, events.Finish().Node);
        Assert.Equal("program 1", events.Finish().Program);
        Assert.Equal(StopReason.BudgetSpent, events.Finish().Reason);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(99UL)]
    public async Task Every_step_down_follows_UCT_computed_anew(ulong seed)
    {
        var options = new SearchOptions { Seed = seed, MaxDepth = 4, Exploration = 0.7 };
        var events = await Searching.RunAsync(
            options, new SearchBudget { Rollouts = 60 }, new ScriptedModel(0, 1, -1, 2, 0, 3, 0, 1, 2));

        // A second, plain book-keeping beside the library's: children, visits and sums by node number.
        var children = new Dictionary<int, List<int>> { [0] = [] };
        var closed = new HashSet<int>();
        var visits = new Dictionary<int, int> { [0] = 0 };
        var sums = new Dictionary<int, double> { [0] = 0 };
        var fresh = new HashSet<int>();
        foreach (var one in events)
        {
            if (one is NodeAdded added)
            {
                children[added.Parent].Add(added.Node);
                (children[added.Node], visits[added.Node], sums[added.Node]) = ([], 0, 0);
                fresh.Add(added.Node);
                if (added.Terminal)
                {
                    closed.Add(added.Node);
                }
            }
            else if (one is RolloutFinished rollout)
            {
                for (var i = 0; i + 1 < rollout.Path.Count; i++)
                {
                    var (here, taken) = (rollout.Path[i], rollout.Path[i + 1]);
                    if (visits[taken] == 0)
                    {
                        // Fresh in this rollout: then the node widened, so nothing older was unvisited.
                        Assert.True(!fresh.Contains(taken) ||
                            children[here].All(child => visits[child] > 0 || fresh.Contains(child)));
                        continue;
                    }

                    Assert.DoesNotContain(children[here], child => visits[child] == 0 && !fresh.Contains(child));
                    double Score(int w) => (sums[w] / visits[w]) + (0.7 * Math.Sqrt(Math.Log(visits[here]) / visits[w]));
                    var best = children[here].Where(child => !closed.Contains(child)).MaxBy(Score);
                    Assert.Equal(best, taken);
                    var done = children[here].Where(child => closed.Contains(child) && visits[child] > 0).ToList();
                    if (done.Count > 0)
                    {
                        var (n, w) = (done.Sum(child => visits[child]), done.Sum(child => sums[child]));
                        Assert.True((w / n) + (0.7 * Math.Sqrt(Math.Log(visits[here]) / n)) <= Score(best) + 1e-12);
                    }
                }

                foreach (var node in rollout.Path)
                {
                    visits[node]++;
                    sums[node] += rollout.Value;
                }

                fresh.Clear();
            }
        }

        var tree = SearchReplay.Rebuild(events);
        Assert.All(tree.Nodes, node => Assert.Equal(visits[node.Number], node.Visits));
        Assert.All(tree.Nodes, node => Assert.Equal(sums[node.Number], node.ValueSum, 12));
        Assert.Equal(60, tree.Root.Visits);
    }

    [Theory]
    [InlineData(0.1, true, 2, 4, 0.55)]
    [InlineData(0.1, true, 0, 4, 0.1)]
    [InlineData(0.1, false, 0, 4, 0)]
    [InlineData(0, true, 3, 4, 0.75)]
    [InlineData(1, true, 0, 4, 1)]
    [InlineData(0.3, true, 4, 4, 1)]
    public void Terminal_value_is_alpha_compile_plus_rest_pass(
        double alpha, bool compiled, int passed, int total, double expected) =>
        Assert.Equal(expected, TerminalValue.Of(
            new Judgement { Compiled = compiled, Passed = passed, Total = total, Verdict = "x" }, alpha), tolerance: 1e-12);
}
