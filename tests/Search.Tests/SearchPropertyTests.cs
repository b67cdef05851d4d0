using CsCheck;

namespace O1Coder.Search.Tests;

/// <summary>What holds for every search, whatever its options and the model's luck.</summary>
public sealed class SearchPropertyTests
{
    private sealed record Case(SearchOptions Options, SearchBudget Budget, int[] Passed);

    private static readonly ActionPlan[] s_plans =
    [
        ActionPlan.Competing, ActionPlan.Paper, ActionPlan.Direct, ActionPlan.Paper with { CodeAtDepthLimit = false },
    ];

    private static readonly string[] s_methods = ["greedy", "sample", "o1-coder"];

    private static readonly Gen<Case> s_cases =
        from method in Gen.Int[0, s_methods.Length - 1].Select(i => s_methods[i])
        from seed in Gen.ULong
        from exploration in Gen.Double[0, 4]
        from samples in Gen.Int[1, 6]
        from depth in Gen.Int[1, 6]
        from alpha in Gen.Double[0, 1]
        from plan in Gen.Int[0, s_plans.Length - 1].Select(i => s_plans[i])
        from fast in Gen.Bool
        from programsFirst in Gen.Bool
        from rollouts in Gen.Int[1, 40]
        from passed in Gen.Int[-1, 4].Array[1, 60]
        select new Case(
            new SearchOptions
            {
                Method = method,
                Seed = seed,
                Exploration = exploration,
                SamplesPerExpansion = samples,
                MaxDepth = depth,
                CompileWeight = alpha,
                Plan = plan,
                FastAnswer = fast,
                ProgramsFirst = programsFirst,
            },
            new SearchBudget { Rollouts = rollouts },
            passed);

    [Fact]
    public void Visits_add_up_values_stay_in_range_and_the_replay_is_the_original() => s_cases.Sample(
        one =>
        {
            var events = Searching.RunAsync(one.Options, one.Budget, new ScriptedModel(one.Passed)).GetAwaiter().GetResult();
            var tree = SearchReplay.Rebuild(events);
            Assert.Equal(events.Finish().TreeHash, tree.ComputeHash());
            Consistent(tree, one.Options);
            Assert.Equal(tree.Best?.Number, events.Finish().Node);

            var again = Searching.RunAsync(one.Options, one.Budget, new ScriptedModel(one.Passed)).GetAwaiter().GetResult();
            Assert.Equal(events.Finish().TreeHash, again.Finish().TreeHash);
        },
        iter: 300, seed: "0000KOIKe5O4", threads: 1);

    [Fact]
    public void A_search_cancelled_anywhere_leaves_events_that_replay() => Gen.Select(s_cases, Gen.Int[1, 30]).Sample(
        (one, after) =>
        {
            using var cancel = new CancellationTokenSource();
            var model = new ScriptedModel(one.Passed) { OnJudge = count => { if (count == after) { cancel.Cancel(); } } };
            var events = new List<SearchEvent>();
            var cancelled = false;
            try
            {
                Searching.RunIntoAsync(events, one.Options, one.Budget, model, cancel.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
            }

            Assert.Equal(cancel.IsCancellationRequested, cancelled);
            Assert.Equal(cancelled, events[^1] is not SearchFinished);
            Consistent(SearchReplay.Rebuild(events), one.Options);
        },
        iter: 200, seed: "0000KOIKe5O4", threads: 1);

    [Fact]
    public async Task A_changed_event_is_noticed()
    {
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget(), new ScriptedModel(0, 1, 2));
        var place = events.FindIndex(one => one is RolloutFinished { Rollout: 5 });
        var wrong = new List<SearchEvent>(events);
        wrong[place] = ((RolloutFinished)wrong[place]) with { Value = 0.123 };
        Assert.Throws<InvalidDataException>(() => SearchReplay.Rebuild(wrong));
        wrong.RemoveAt(place);
        Assert.Throws<InvalidDataException>(() => SearchReplay.Rebuild(wrong));
    }

    private static void Consistent(SearchTree tree, SearchOptions options)
    {
        Assert.Equal(tree.Rollouts, tree.Root.Visits);
        foreach (var node in tree.Nodes)
        {
            Assert.InRange(node.Value, 0, 1 + 1e-12);
            Assert.InRange(node.BestValue, 0, 1);
            Assert.InRange(node.Depth, 0, options.MaxDepth);
            Assert.True(!node.Terminal || node.Children.Count == 0);
            Assert.True(!node.Terminal || node.Visits <= 1, "a judged leaf is not entered again");
            if (node.Children.Count > 0)
            {
                Assert.Equal(node.Visits, node.Children.Sum(child => child.Visits));
                // Within a bound, not to a number of decimal places: two nearly equal sums may round apart.
                Assert.Equal(node.ValueSum, node.Children.Sum(child => child.ValueSum), tolerance: 1e-9);
            }
        }
    }
}
