using CsCheck;

namespace O1Coder.Search.Tests;

/// <summary>SR-MCTS against the paper's equations, worked out anew by plain loops.</summary>
public sealed class BerryTests
{
    private static readonly SearchOptions s_options = SearchMethods.For("llama-berry").Description.Defaults with { Exhaust = true };

    private static async Task<List<SearchEvent>> RunAsync(
        SearchOptions options, int rollouts, ScriptedModel model, ScriptedComparer? comparer, ScriptedReflector? reflector = null)
    {
        var request = new SearchRequest(options, new SearchBudget { Rollouts = rollouts }, model, model, new ScriptedEvaluator(Reward))
        {
            Reflector = reflector ?? new ScriptedReflector(),
            Comparer = comparer,
        };
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For("llama-berry").SearchAsync(request, TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    private static double Reward(string text) => (uint)text.Sum(c => c * 31) % 41 / 40.0;

    private static SearchTree After(List<SearchEvent> events, int rollouts) => SearchReplay.Rebuild(
        events.Take(1 + events.FindIndex(one => one is RolloutFinished finished && finished.Rollout == rollouts)));

    [Fact]
    public async Task Four_rollouts_by_hand()
    {
        // Program 1 is better than 0, 2 worse than both, 3 better than all.
        int[] strength = [1, 2, 0, 3];
        var comparer = new ScriptedComparer((i, j) => strength[i] > strength[j] ? 0.9 : 0.1);
        var reflector = new ScriptedReflector();
        var model = new ScriptedModel(1, 0, 2, 3);
        var events = await RunAsync(s_options with { Exploration = 0.1 }, 4, model, comparer, reflector);

        // 1: the first solution is alone: Q = 1.
        var tree = After(events, 1);
        Assert.Equal(1, tree.Nodes[1].Value);

        // 2: its rewrite is first of two, Q = 1; node 1 is last, its child beats it, E = 0.9·0 + 0.1·1 = 0.1,
        // Q = 0.9·0.1 + 0.1·1 = 0.19.
        tree = After(events, 2);
        Assert.Equal([0.19, 1.0], tree.Nodes.Skip(1).Select(node => Math.Round(node.Value, 12)));

        // 3: node 2 has 1 + 0.1·sqrt(ln 2/1), node 1 0.19 + 0.1·sqrt(ln 2/2): node 2 is rewritten, to the worst of three.
        // Node 3: Q = 0. Node 2: E = 0.9·1 + 0.1·0, Q = 0.9·0.9 + 0.1·0 = 0.81. Node 1: rank 2 of 3, Q_g = 0.5, its child
        // beats it: E = 0.45 + 0.1 = 0.55, Q = 0.9·0.55 + 0.1·0.81 = 0.576.
        tree = After(events, 3);
        Assert.Equal([0.576, 0.81, 0.0], tree.Nodes.Skip(1).Select(node => Math.Round(node.Value, 12)));
        Assert.Equal([3, 3, 2, 1], tree.Nodes.Select(node => node.Visits));

        // 4: node 2 again: 0.81 + 0.1·sqrt(ln 3/2) = 0.884 against 0.576 + 0.1·sqrt(ln 3/3) and 0.1·sqrt(ln 2/1). Node 4 is first
        // of four, Q = 1. Node 2: rank 2, Q_g = 2/3, one of two children beats it: E = 0.6 + 0.05, Q = 0.585 + 0.1 = 0.685.
        // Node 1: rank 3, Q_g = 1/3: E = 0.3 + 0.1, Q = 0.36 + 0.0685 = 0.4285.
        tree = After(events, 4);
        Assert.Equal([0.4285, 0.685, 0.0, 1.0], tree.Nodes.Skip(1).Select(node => Math.Round(node.Value, 12)));
        Assert.Equal([0, 1, 2, 2], events.OfType<NodeAdded>().Select(one => one.Parent));
        Assert.Equal([(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)], comparer.Asked);

        // The tests choose the answer, and the critique is what the rewrite is asked for with.
        Assert.Equal((4, 0.75), (tree.Best!.Number, tree.Best.OwnValue));
        Assert.Equal([StepAction.Code, StepAction.Rewrite, StepAction.Rewrite, StepAction.Rewrite], model.Asked.Select(asked => asked.Action));
        Assert.Equal([null, "said 1", "said 2", "said 3"], model.Asked.Select(asked => asked.Feedback));
        Assert.Equal([("program 0", 1), ("program 1", 2), ("program 1", 2)], reflector.Asked.Select(asked => (asked.Program, asked.Node.Number)));
        Assert.All(reflector.Asked, asked => Assert.Equal(ReflectionKind.Critique, asked.Kind));
        Assert.Equal("said 3", tree.Nodes[2].Feedback);
    }

    [Fact]
    public async Task It_needs_somebody_who_reflects_and_somebody_who_compares()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => Searching.RunAsync(s_options, new SearchBudget(), new ScriptedModel(0)));
        Assert.StartsWith("Reflector is 'absent'", error.Message);
        error = await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(s_options, 1, new ScriptedModel(0), null));
        Assert.StartsWith("Comparer is 'absent'", error.Message);
        Assert.Equal(5, (await RunAsync(Predecessor(), 5, new ScriptedModel(0), null)).OfType<RolloutFinished>().Count());
    }

    [Fact]
    public async Task What_was_written_side_by_side_is_compared_by_the_next()
    {
        for (var inFlight = 1; inFlight <= 8; inFlight *= 2)
        {
            var comparer = new ScriptedComparer((i, j) => i > j ? 1 : 0);
            var events = await RunAsync(s_options with { InFlight = inFlight }, 20, new ScriptedModel(0), comparer);
            var pairs = comparer.Asked.Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))).ToList();
            Assert.Equal(pairs.Count, pairs.Distinct().Count());

            // Only the last ones have not met.
            var met = pairs.ToHashSet();
            Assert.All(
                Enumerable.Range(0, 20 - inFlight).SelectMany(j => Enumerable.Range(0, j).Select(i => (i, j))), pair => Assert.Contains(pair, met));
            Assert.Equal(20, SearchReplay.Rebuild(events).Root.Visits);
        }
    }

    [Fact]
    public void The_ranking_is_Floyd_and_Warshall_and_a_Borda_count() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 4].Array[1600]).Sample(
        (n, p) =>
        {
            var ranking = new BordaRanking();
            var preference = new double[n, n];
            for (var i = 0; i < n; i++)
            {
                ranking.Add(100 - i);
                for (var j = 0; j < i; j++)
                {
                    // A quarter of all pairs each way, some equal, some not compared.
                    if (p[(i * n) + j] < 4)
                    {
                        preference[i, j] = p[(i * n) + j] switch { 0 => 0.8, 1 => 0.5, 2 => 0.3, _ => 0.1 };
                        preference[j, i] = 1 - preference[i, j];
                        ranking.Compare(100 - i, 100 - j, preference[i, j]);
                    }
                }
            }

            var closure = Closed(n, preference);
            var expected = Quantiles(n, closure, preference);
            Assert.Equal(expected, ranking.QuantilesOf([.. Enumerable.Range(0, n).Select(i => 100 - i)]).ToArray());
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    Assert.Equal(closure[i, j], ranking.Beats(100 - i, 100 - j));
                }
            }
        },
        iter: 200, seed: "0000KOIKe5O4", threads: 1);

    private static bool[,] Closed(int n, double[,] preference)
    {
        var closure = new bool[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                closure[i, j] = preference[i, j] >= 0.5;
            }
        }

        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    closure[i, j] |= closure[i, k] && closure[k, j];
                }
            }
        }

        return closure;
    }

    private static double[] Quantiles(int n, bool[,] closure, double[,] preference)
    {
        var borda = new int[n];
        var direct = new int[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                borda[i] += j != i && closure[i, j] ? 1 : 0;
            }
        }

        var quantiles = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                direct[i] += borda[i] == borda[j] && preference[i, j] > preference[j, i] ? 1 : 0;
            }
        }

        for (var i = 0; i < n; i++)
        {
            var ahead = 0;
            for (var j = 0; j < n; j++)
            {
                ahead += borda[j] > borda[i] || (borda[j] == borda[i] && direct[j] > direct[i]) ? 1 : 0;
            }

            quantiles[i] = n == 1 ? 1 : 1 - (ahead / (n - 1.0));
        }

        return quantiles;
    }

    private static SearchOptions Predecessor(bool rewarded = false, int children = 3) => s_options with
    {
        ProcessRewardWeight = rewarded ? 1 : 0,
        Settings = new Dictionary<string, string> { ["rule"] = "mctsr", ["max-children"] = $"{children}" },
    };

    [Fact]
    public void Every_rollout_is_the_equations()
    {
        var cases =
            from exploration in Gen.Double[0, 3]
            from depth in Gen.Int[1, 6]
            from children in Gen.Int[1, 4]
            from alpha in Gen.Int[0, 10].Select(i => i / 10.0)
            from gamma in Gen.Int[0, 10].Select(i => i / 10.0)
            from choices in Gen.Int[0, 3]
            from strength in Gen.Int[0, 9].Array[25]
            from passed in Gen.Int[-1, 4].Array[1, 25]
            select (exploration, depth, children, alpha, gamma, choices, strength, passed);
        cases.Sample(
            it =>
            {
                var (printed, current) = (it.choices % 2 == 0, it.choices < 2);
                string Text(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
                var options = s_options with
                {
                    Exploration = it.exploration,
                    MaxDepth = it.depth,
                    Settings = new Dictionary<string, string>
                    {
                        ["alpha"] = Text(it.alpha),
                        ["gamma"] = Text(it.gamma),
                        ["max-children"] = $"{it.children}",
                        ["local"] = printed ? "printed" : "win-rate",
                        ["evaluation"] = current ? "current" : "birth",
                    },
                };

                // Not transitive: some of the pairs are turned round.
                double Preference(int i, int j) => it.strength[i] == it.strength[j] ? 0.5
                    : (it.strength[i] > it.strength[j]) != ((i + j) % 5 == 0) ? 0.8 : 0.2;
                var events = RunAsync(options, 25, new ScriptedModel(it.passed), new ScriptedComparer(Preference)).GetAwaiter().GetResult();
                Follow(events, it.depth, it.children, (rollout, parent, n, q) =>
                {
                    var count = parent.Count - 1;
                    var preference = new double[count, count];
                    foreach (var (i, j) in Enumerable.Range(0, count * count).Select(k => (k / count, k % count)).Where(k => k.Item1 != k.Item2))
                    {
                        // The later one is asked about first.
                        preference[i, j] = i > j ? Preference(i, j) : 1 - Preference(j, i);
                    }

                    var closure = Closed(count, preference);
                    var global = Quantiles(count, closure, preference);
                    q.Add(global[^1]);
                    for (var i = rollout.Path.Count - 2; i >= 1; i--)
                    {
                        var node = rollout.Path[i];
                        var below = Enumerable.Range(1, count).Where(child => parent[child] == node).ToList();
                        var local = below.Average(child => (printed ? closure[child - 1, node - 1] : closure[node - 1, child - 1]) ? 1.0 : 0.0);
                        var before = current ? (it.alpha * global[node - 1]) + ((1 - it.alpha) * local) : q[node];
                        q[node] = ((1 - it.gamma) * before) + (it.gamma * q[rollout.Path[i + 1]]);
                    }
                },
                (q, above, n) => q + (it.exploration * Math.Sqrt(Math.Log(above) / n)), (child, node) => child > node);
            },
            iter: 100, seed: "0000KOIKe5O4", threads: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_rollout_of_the_predecessor_is_its_code(bool rewarded)
    {
        int[] passed = [1, 0, 2, 3, -1, 2, 1];
        var options = Predecessor(rewarded) with { MaxDepth = 5 };
        var events = await RunAsync(options, 40, new ScriptedModel(passed), null);
        Assert.Empty(events.OfType<NodesCompared>());
        Follow(events, 5, 3, (rollout, parent, n, q) =>
        {
            // On the code's scale, [−100, 100].
            var number = parent.Count - 2;
            var own = rewarded ? (200 * Reward($"program {number}")) - 100 : (200 * Math.Max(passed[number % 7], 0) / 4.0) - 100;
            q.Add((rewarded && own >= 95 ? 50 : own) / 100);
            for (var i = rollout.Path.Count - 2; i >= 1; i--)
            {
                var node = rollout.Path[i];
                q[node] = (q[node] + Enumerable.Range(1, parent.Count - 1).Where(child => parent[child] == node).Max(child => q[child])) / 2;
            }
        },
        (q, above, n) => ((100 * q) + (1.4 * Math.Sqrt(Math.Log(above + 1) / (n + 1e-5)))) / 100, (child, node) => child >= node);
    }

    // N and Q of every node after each rollout, and each choice, by tables of its own.
    private static void Follow(
        List<SearchEvent> events, int maxDepth, int children, Action<RolloutFinished, List<int>, List<int>, List<double>> value,
        Func<double, int, int, double> uct, Func<double, double, bool> better)
    {
        var tree = new SearchTree();
        var (parent, depth) = (new List<int> { -1 }, new List<int> { 0 });
        var (n, q) = (new List<int> { 0 }, new List<double> { 0 });
        foreach (var change in events)
        {
            tree.Apply(change);
            if (change is not RolloutFinished rollout)
            {
                continue;
            }

            var chosen = rollout.Path[^2];
            var ways = Enumerable.Range(1, n.Count - 1).Where(node =>
            {
                var below = Enumerable.Range(1, n.Count - 1).Where(child => parent[child] == node).ToList();
                return depth[node] < maxDepth && (below.Count < children || !below.Any(child => better(q[child], q[node])));
            }).ToList();
            double Score(int node) => uct(q[node], n[parent[node]], n[node]);
            if (ways.Count == 0)
            {
                Assert.Equal(0, chosen);
            }
            else
            {
                Assert.Contains(chosen, ways);
                Assert.Equal(ways.Max(Score), Score(chosen), 1e-9);
            }

            parent.Add(chosen);
            depth.Add(depth[chosen] + 1);
            n.Add(0);
            foreach (var node in rollout.Path)
            {
                n[node]++;
            }

            value(rollout, parent, n, q);
            Assert.Equal(n.Count, tree.Nodes.Count);
            for (var i = 1; i < n.Count; i++)
            {
                Assert.Equal(n[i], tree.Nodes[i].Visits);
                Assert.Equal(q[i], tree.Nodes[i].Value, 1e-9);
            }
        }

        Assert.Equal(events.OfType<RolloutFinished>().Count(), n[0]);
    }
}
