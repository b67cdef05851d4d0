using CsCheck;

namespace O1Coder.Search.Tests;

/// <summary>RethinkMCTS against the formulas of its paper and code, worked out anew by plain loops.</summary>
public sealed class RethinkTests
{
    private static readonly SearchOptions s_options = SearchMethods.For("rethink").Description.Defaults;

    private static async Task<List<SearchEvent>> RunAsync(
        SearchOptions options, int rollouts, ScriptedModel model, Func<string, double>? reward = null, ScriptedReflector? reflector = null)
    {
        var request = new SearchRequest(options, new SearchBudget { Rollouts = rollouts }, model, model, reward is null ? null : new ScriptedEvaluator(reward))
        {
            Reflector = reflector ?? new ScriptedReflector(),
        };
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For("rethink").SearchAsync(request, TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    [Fact]
    public async Task Two_rollouts_by_hand()
    {
        // The first thought's program passes 1 of 4, rethought 2 of 4; the second's 3 of 4, rethought 0 of 4.
        var model = new ScriptedModel(1, 2, 3, 0);
        var reflector = new ScriptedReflector();
        var events = await RunAsync(s_options, 2, model, reflector: reflector);
        var tree = SearchReplay.Rebuild(events);

        // 0; three thoughts 1 to 3; of thought 1 the programs 4 and 5 and the thoughts 6 to 8; of thought 2 the programs 9 and
        // 10 and the thoughts 11 to 13.
        int[] parents = [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
        Assert.Equal(parents, events.OfType<NodeAdded>().Select(one => one.Parent));
        Assert.Equal([1, 2], events.OfType<NodeRevised>().Select(one => one.Node));
        Assert.Equal([1, 1, 2, 2], events.OfType<NodeReflected>().Select(one => one.Node));
        int[][] paths = [[0, 1, 5], [0, 2, 10]];
        Assert.Equal(paths, events.OfType<RolloutFinished>().Select(one => one.Path.ToArray()));

        // Rollout 2: N(root) = 1 + 1, β = ln(13/10) + 4, thought 1: 0.5 + β·sqrt(ln 2)/3/2, the others β·sqrt(ln 2)/3/1.
        var step = (Math.Log(13 / 10.0) + 4) * Math.Sqrt(Math.Log(2)) / 3;
        Assert.True(step > 0.5 + (step / 2), "0.5 is less than half of 1.183");
        Assert.Equal([0.5, 0.5, 0.0], tree.Nodes.Take(3).Select(node => node.Value));
        Assert.Equal((2, 0.5), (tree.Root.Visits, tree.Root.ValueSum));

        // A program of a thought that was written anew has no visit and can still be the answer.
        Assert.Equal((9, 0.75, 0), (tree.Best!.Number, tree.Best.OwnValue, tree.Best.Visits));

        // What was said last is what thought 1's children are written from.
        var thoughts = model.Asked.Where(asked => asked.Action == StepAction.Think).ToList();
        Assert.Equal([null, "said 1", "said 2", "said 3", "said 4"], thoughts.Select(asked => asked.Feedback));
        Assert.Equal([null, 1, null, 2, null], thoughts.Select(asked => asked.Revises?.Number));
        Assert.Equal("program 0", reflector.Asked[0].Program);
        Assert.Equal((ReflectionKind.Failure, 1, "failure of program 0"), (reflector.Asked[0].Kind, reflector.Asked[0].Node.Number, reflector.Asked[0].Judgement.Failure));
        Assert.Equal(tree.Nodes[1].Text, thoughts[1].Revises!.Text);
        Assert.Equal(1, tree.Nodes[1].Revisions);
        Assert.All(model.Traced, Assert.True);
    }

    [Fact]
    public async Task A_program_that_passes_is_not_thought_over()
    {
        var events = await RunAsync(s_options, 5, new ScriptedModel(4));
        Assert.Equal(StopReason.Passed, events.Finish().Reason);
        Assert.Empty(events.OfType<NodeReflected>());
        Assert.Equal(4, events.OfType<NodeAdded>().Count());
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("2", 1)]
    [InlineData("4", 3)]
    public async Task A_thought_is_rethought_as_often_as_is_said(string times, int revisions)
    {
        var options = s_options with { Settings = new Dictionary<string, string> { ["think-times"] = times } };
        var events = await RunAsync(options, 3, new ScriptedModel(0, 1));
        Assert.Equal(3 * revisions, events.OfType<NodeRevised>().Count());
        Assert.Equal(3 * (revisions + 1), events.OfType<ProgramJudged>().Count());
        Assert.Equal(3, SearchReplay.Rebuild(events).Root.Visits);
    }

    [Fact]
    public async Task Without_room_below_the_thoughts_run_out_and_without_room_for_one_programs_are_written()
    {
        var events = await RunAsync(s_options with { MaxDepth = 2 }, 9, new ScriptedModel(1));
        Assert.Equal((3, StopReason.Exhausted), (events.OfType<RolloutFinished>().Count(), events.Finish().Reason));
        events = await RunAsync(s_options with { MaxDepth = 1 }, 9, new ScriptedModel(1));
        Assert.Equal(9, events.OfType<ProgramJudged>().Count());
        Assert.All(events.OfType<NodeAdded>(), one => Assert.Equal(StepAction.Code, one.Action));
    }

    [Fact]
    public async Task It_needs_somebody_who_reflects()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => Searching.RunAsync(s_options, new SearchBudget(), new ScriptedModel(0)));
        Assert.StartsWith("Reflector is 'absent'", error.Message);
    }

    [Fact]
    public void Every_rollout_is_the_formulas()
    {
        var cases =
            from exploration in Gen.Double[0, 5]
            from width in Gen.Int[1, 4]
            from depth in Gen.Int[2, 6]
            from gamma in Gen.Int[0, 10].Select(i => i / 10.0)
            from rewarded in Gen.Bool
            from one in Gen.Bool
            from passed in Gen.Int[-1, 4].Array[1, 40]
            select (exploration, width, depth, gamma, rewarded, one, passed);
        cases.Sample(
            it =>
            {
                var options = s_options with
                {
                    Exploration = it.exploration,
                    SamplesPerExpansion = it.width,
                    MaxDepth = it.depth,
                    Exhaust = true,
                    ProcessRewardWeight = it.rewarded ? 1 : 0,
                    Settings = new Dictionary<string, string>
                    {
                        ["gamma"] = it.gamma.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        ["rethought-prior"] = it.one ? "one" : "kept",
                    },
                };
                var events = RunAsync(options, 25, new ScriptedModel(it.passed), it.rewarded ? Reward : null).GetAwaiter().GetResult();
                Follow(events, it.exploration, it.depth, it.gamma, it.rewarded, it.one, it.passed);
            },
            iter: 100, seed: "0000KOIKe5O4", threads: 1);
    }

    private static double Reward(string text) => (uint)text.Sum(c => c * 31) % 11 / 10.0;

    // N, W and Q of every node after each rollout, and each step down, by tables of its own.
    private static void Follow(
        List<SearchEvent> events, double c, int maxDepth, double gamma, bool rewarded, bool one, int[] passed)
    {
        var tree = new SearchTree();
        var parent = new List<int> { -1 };
        var thought = new List<bool> { true };
        var r = new List<double> { 0 };
        var (n, w, q) = (new List<int> { 0 }, new List<double> { 0 }, new List<double?> { null });
        var revised = new HashSet<int>();
        var before = 1;
        var bestSoFar = 0.0;
        foreach (var change in events)
        {
            tree.Apply(change);
            if (change is NodeAdded added)
            {
                parent.Add(added.Parent);
                thought.Add(added.Action == StepAction.Think);
                r.Add(rewarded ? Reward(added.Text) : 0);
                n.Add(0);
                w.Add(0);
                q.Add(null);
            }
            else if (change is NodeRevised again)
            {
                Assert.True(revised.Add(again.Node));
            }
            else if (change is ProgramJudged judged)
            {
                bestSoFar = Math.Max(bestSoFar, judged.Judgement.Passed / 4.0);
            }
            else if (change is RolloutFinished rollout)
            {
                bool Open(int node) => n[node] == 0
                    || Enumerable.Range(1, before - 1).Any(child => parent[child] == node && thought[child] && Open(child));
                double P(int node)
                {
                    var siblings = Enumerable.Range(1, parent.Count - 1).Where(child => parent[child] == parent[node] && thought[child]).ToList();
                    var sum = siblings.Sum(child => r[child]);

                    // What this rollout wrote anew was not yet when the way was chosen.
                    return one && revised.Contains(node) && n[node] > 0 ? 1 : sum > 0 ? r[node] / sum : 1.0 / siblings.Count;
                }

                double Score(int child)
                {
                    var visits = 1 + n[parent[child]];
                    return (q[child] ?? 0) + ((Math.Log((visits + 11) / 10.0) + c) * P(child) * Math.Sqrt(Math.Log(visits)) / (1 + n[child]));
                }

                var thoughts = rollout.Path.Skip(1).SkipLast(1).ToList();
                if (before == 1)
                {
                    // The first rollout's thoughts are its own.
                    Assert.Equal(Enumerable.Range(1, parent.Count - 1).Where(child => parent[child] == 0).Max(P), P(thoughts[0]), 12);
                }
                else
                {
                    foreach (var taken in thoughts)
                    {
                        var ways = Enumerable.Range(1, before - 1).Where(child => parent[child] == parent[taken] && thought[child] && Open(child)).ToList();
                        Assert.Contains(taken, ways);
                        Assert.Equal(ways.Max(Score), Score(taken), 1e-9);
                    }
                }

                var leaf = rollout.Path[^1];
                var number = int.Parse(tree.Nodes[leaf].Program!.Split(' ')[1]);
                var share = Math.Max(passed[number % passed.Length], 0) / 4.0;
                var v = share == 1 && rewarded ? 0.8 + (0.2 * ((2 * r[leaf]) - 1)) : share;
                Assert.Equal(v, rollout.Value, 1e-12);
                for (var i = 0; i < rollout.Path.Count; i++)
                {
                    var node = rollout.Path[i];
                    var worth = i == rollout.Path.Count - 1 ? v : v * Math.Pow(gamma, thoughts.Count - Math.Max(i, 1) + 1);
                    n[node]++;
                    w[node] += v;
                    q[node] = Math.Max(q[node] ?? 0, worth);
                }

                before = parent.Count;
                Assert.Equal(before, tree.Nodes.Count);
                for (var i = 0; i < before; i++)
                {
                    Assert.Equal(n[i], tree.Nodes[i].Visits);
                    Assert.Equal(w[i], tree.Nodes[i].ValueSum, 1e-9);
                    Assert.Equal(q[i] ?? 0, tree.Nodes[i].Value, 1e-9);
                    Assert.True(thought[i] ? tree.Nodes[i].Depth < maxDepth : tree.Nodes[i].Terminal);
                }

                Assert.Equal(bestSoFar, tree.Best!.OwnValue!.Value, 12);
            }
        }
    }
}
