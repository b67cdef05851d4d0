using CsCheck;

namespace O1Coder.Search.Tests;

/// <summary>GIF-MCTS against the formulas of its paper and code, worked out anew by plain loops.</summary>
public sealed class GifTests
{
    private static readonly SearchOptions s_options = SearchMethods.For("gif").Description.Defaults with { Exhaust = true };

    // Seven lines, so that two a level leave something to generate down to depth 3.
    private static string Program(int number) => $"a{number}\nb\nc\nd\ne\nf\nprogram {number}";

    private static Task<List<SearchEvent>> RunAsync(SearchOptions options, int rollouts, int[] passed, out ScriptedModel model)
    {
        model = new ScriptedModel(passed) { ProgramText = Program };
        return Searching.RunAsync(options, new SearchBudget { Rollouts = rollouts }, model);
    }

    private static SearchTree After(List<SearchEvent> events, int rollouts) => SearchReplay.Rebuild(
        events.Take(1 + events.FindIndex(one => one is RolloutFinished finished && finished.Rollout == rollouts)));

    [Fact]
    public async Task A_chain_of_fixes_by_hand()
    {
        // Nothing compiles before the fourth program, which passes 3 of 4. Without exploration every choice is forced.
        var events = await RunAsync(s_options with { Exploration = 0 }, 5, [-1, -1, -1, 3, 1], out var model);

        // Rollout 1: generate. Worth 0.99 for now, while v_G(generate) = (2·0.5 + 0)/3 = 1/3: the way goes on to it.
        var tree = After(events, 1);
        Assert.Equal(0.99, tree.Nodes[1].Value, 12);
        Assert.Equal((1, 0.0), (tree.Root.Visits, tree.Root.Value));

        // Rollouts 2 and 3: fixes that do not compile; with two and one left the chain is worth 0.66 and 0.33.
        tree = After(events, 2);
        Assert.Equal([0.66, 0.66], tree.Nodes.Skip(1).Select(node => Math.Round(node.Value, 12)));
        tree = After(events, 3);
        Assert.Equal([0.33, 0.33, 0.33], tree.Nodes.Skip(1).Select(node => Math.Round(node.Value, 12)));
        Assert.Equal((3, 0.0), (tree.Root.Visits, tree.Root.Value));

        // Rollout 4: v(generate) = (0.5·1/3 + 0.5·0.33)/1 > 0.33, so that the root generates once more, and it is 3 of 4.
        Assert.Equal(
            [(0, StepAction.Code), (1, StepAction.Fix), (2, StepAction.Fix), (0, StepAction.Code)],
            events.OfType<NodeAdded>().Take(4).Select(one => (one.Parent, one.Action)));
        tree = After(events, 4);
        Assert.Equal(0.75, tree.Nodes[4].Value, 12);
        Assert.Equal(0.75 / 4, tree.Root.Value, 12);
        Assert.Equal((4, 0.75), (tree.Best!.Number, tree.Best.OwnValue));
        Assert.Equal(
            [null, $"failure of {Program(0)}", $"failure of {Program(1)}", null], model.Asked.Take(4).Select(asked => asked.Feedback));
    }

    [Fact]
    public async Task A_fix_that_compiles_gives_its_value_to_the_chain_and_one_that_never_does_ends_it()
    {
        var options = s_options with { Exploration = 0, Settings = new Dictionary<string, string> { ["prior-generate"] = "0", ["prior-fix"] = "1" } };
        var mended = After(await RunAsync(options, 3, [-1, -1, 3], out _), 3);
        Assert.Equal([0.75, 0.75, 0.75], mended.Nodes.Skip(1).Select(node => node.Value));
        Assert.Equal([3, 2, 1], mended.Nodes.Skip(1).Select(node => node.Visits));
        Assert.Equal(0.25, mended.Root.Value, 12);

        var events = await RunAsync(options, 5, [-1], out _);
        var ended = After(events, 4);
        Assert.Equal([0.0, 0, 0, 0, 0], ended.Nodes.Select(node => node.Value));
        Assert.Equal(
            [(0, StepAction.Code), (1, StepAction.Fix), (2, StepAction.Fix), (3, StepAction.Fix), (0, StepAction.Code)],
            events.OfType<NodeAdded>().Select(one => (one.Parent, one.Action)));
    }

    [Fact]
    public async Task A_program_is_generated_on_from_its_first_lines()
    {
        var events = await RunAsync(s_options with { Exploration = 1 }, 60, [1, 2, 3], out var model);
        var added = events.OfType<NodeAdded>().ToDictionary(one => one.Node);
        var programs = events.OfType<ProgramJudged>().ToDictionary(one => one.Node, one => one.Program);
        foreach (var asked in model.Asked)
        {
            var lines = asked.Node.Parent is null || asked.Action != StepAction.Code
                ? null
                : string.Concat(programs[asked.Node.Number].Split('\n').Take(2 * asked.Node.Depth).Select(line => line + "\n"));
            Assert.Equal(lines, asked.Opening);
        }

        Assert.All(added.Values.Where(one => one.Depth > 4), one => Assert.Equal(StepAction.Improve, one.Action));
        Assert.Contains(model.Asked, asked => asked.Opening?.Split('\n').Length == 7);
    }

    [Fact]
    public void Every_rollout_is_the_formulas()
    {
        var cases =
            from seed in Gen.ULong
            from exploration in Gen.Double[0, 1]
            from lines in Gen.Int[1, 8]
            from chain in Gen.Int[0, 4]
            from depth in Gen.Int[1, 8]
            from passed in Gen.Int[-2, 4].Select(i => Math.Max(i, -1)).Array[1, 40]
            select (seed, exploration, lines, chain, depth, passed);
        cases.Sample(
            one =>
            {
                var options = s_options with
                {
                    Seed = one.seed,
                    Exploration = one.exploration,
                    MaxDepth = one.depth,
                    Settings = new Dictionary<string, string> { ["node-length"] = $"{one.lines}", ["fix-chain"] = $"{one.chain}" },
                };
                var events = RunAsync(options, 40, one.passed, out _).GetAwaiter().GetResult();
                Assert.Equal(40, events.OfType<RolloutFinished>().Count());
                var plain = new PlainGif(one.exploration, one.lines, one.chain, one.depth);
                var tree = new SearchTree();
                foreach (var change in events)
                {
                    tree.Apply(change);
                    if (change is RolloutFinished rollout)
                    {
                        plain.Follow(rollout, events.OfType<NodeAdded>().First(added => added.Node == rollout.Path[^1]).Action, one.passed);
                        Assert.Equal(plain.N.Count, tree.Nodes.Count);
                        for (var i = 0; i < plain.N.Count; i++)
                        {
                            Assert.Equal(plain.N[i], tree.Nodes[i].Visits);
                            Assert.Equal(plain.Q[i], tree.Nodes[i].Value, 1e-9);
                        }

                        Assert.Equal(plain.Passed.Max() / 4.0, tree.Best!.OwnValue!.Value, 12);
                    }
                }
            },
            iter: 150, seed: "0000KOIKe5O4", threads: 1);
    }

    // Tables by node number; node k > 0 holds program k − 1 and has seven lines.
    private sealed class PlainGif(double c, int lines, int chain, int maxDepth)
    {
        private readonly List<int> _parent = [-1];
        private readonly List<StepAction> _kind = [StepAction.Root];
        private readonly List<int> _depth = [0];
        private readonly Dictionary<StepAction, double> _sum = new() { [StepAction.Code] = 1, [StepAction.Improve] = 1.1, [StepAction.Fix] = 1 };
        private readonly Dictionary<StepAction, int> _count = new() { [StepAction.Code] = 2, [StepAction.Improve] = 2, [StepAction.Fix] = 2 };
        private readonly Dictionary<StepAction, (double G, double L)> _w = new()
        {
            [StepAction.Code] = (0.5, 0.5),
            [StepAction.Improve] = (0.5, 0.5),
            [StepAction.Fix] = (0.5, 0.5),
        };

        public List<int> N { get; } = [0];

        public List<double> Q { get; } = [0];

        // −1: does not compile.
        public List<int> Passed { get; } = [0];

        public void Follow(RolloutFinished rollout, StepAction action, int[] passed)
        {
            for (var i = 0; i + 1 < rollout.Path.Count; i++)
            {
                var (here, taken) = (rollout.Path[i], rollout.Path[i + 1]);
                var ways = Ways(here);
                var key = taken < N.Count ? $"{taken}" : $"{action}";
                Assert.True(ways[key] >= ways.Values.Max() - 1e-12, $"{key} of {string.Join(", ", ways)}");
            }

            var (parent, leaf) = (rollout.Path[^2], N.Count);
            Assert.Equal(leaf, rollout.Path[^1]);
            var local = Local(parent, action);
            _parent.Add(parent);
            _kind.Add(action);
            _depth.Add(_depth[parent] + 1);
            Passed.Add(passed[(leaf - 1) % passed.Length]);
            N.Add(0);
            Q.Add(0);
            var value = Math.Max(Passed[leaf], 0) / 4.0;
            Assert.Equal(value, rollout.Value, 12);
            foreach (var node in rollout.Path)
            {
                if (Passed[leaf] >= 0)
                {
                    Q[node] = ((Q[node] * N[node]) + value) / (N[node] + 1);
                }

                N[node]++;
            }

            var temporary = chain == 0 ? 0 : 0.99 * Left(leaf) / chain;
            for (var node = leaf; ; node = _parent[node])
            {
                Q[node] = Passed[leaf] >= 0 ? value : temporary;
                if (_kind[node] != StepAction.Fix)
                {
                    break;
                }
            }

            // The gradient by hand: p = (g·G + l·L)/(g + l), ∂p/∂g = (G − p)/(g + l), ∂p/∂l = (L − p)/(g + l).
            if (local is { } l)
            {
                var mean = _sum[action] / _count[action];
                var (wg, wl) = _w[action];
                var p = ((wg * mean) + (wl * l)) / (wg + wl);
                var rate = 1.0 / (1 + _count[action]);
                var (ng, nl) = (
                    wg - (rate * 2 * (p - value) * (mean - p) / (wg + wl)),
                    wl - (rate * 2 * (p - value) * (l - p) / (wg + wl)));
                if (ng + nl > 1e-3)
                {
                    _w[action] = (ng, nl);
                }
            }

            _sum[action] += value;
            _count[action]++;
        }

        private Dictionary<string, double> Ways(int here)
        {
            var log = Math.Log(N[here] + (here == 0 ? 1 : 0));
            var ways = new Dictionary<string, double>();
            for (var child = 1; child < N.Count; child++)
            {
                if (_parent[child] == here && Open(child))
                {
                    ways[$"{child}"] = Q[child] + (c * Math.Sqrt(log / (N[child] + 1)));
                }
            }

            foreach (var action in Actions(here))
            {
                var n = Enumerable.Range(1, N.Count - 1).Count(child => _parent[child] == here && _kind[child] == action);
                var mean = _sum[action] / _count[action];
                var v = Local(here, action) is { } l ? ((_w[action].G * mean) + (_w[action].L * l)) / (_w[action].G + _w[action].L) : mean;
                ways[$"{action}"] = Math.Clamp(v, 0, 1) + (c * Math.Sqrt(log / (n + 1)));
            }

            return ways;
        }

        private List<StepAction> Actions(int node)
        {
            var actions = new List<StepAction>();
            var compiles = node == 0 || Passed[node] >= 0;
            if (node == 0 || (compiles && 7 > lines * _depth[node]))
            {
                actions.Add(StepAction.Code);
            }

            if (node > 0 && compiles && Passed[node] < 4)
            {
                actions.Add(StepAction.Improve);
            }

            if (!compiles && Left(node) > 0 && !_parent.Contains(node))
            {
                actions.Add(StepAction.Fix);
            }

            return actions;
        }

        private bool Open(int node) => _depth[node] < maxDepth
            && (Actions(node).Count > 0 || Enumerable.Range(1, N.Count - 1).Any(child => _parent[child] == node && Open(child)));

        private int Left(int node)
        {
            var left = chain;
            while (_kind[node] == StepAction.Fix && Passed[node] < 0)
            {
                left--;
                node = _parent[node];
            }

            return left;
        }

        private double? Local(int node, StepAction action)
        {
            var children = Enumerable.Range(1, N.Count - 1).Where(child => _parent[child] == node && _kind[child] == action).ToList();
            return children.Count == 0 ? null : children.Average(child => Q[child]);
        }
    }
}
