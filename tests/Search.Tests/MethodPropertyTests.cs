using CsCheck;

namespace O1Coder.Search.Tests;

/// <summary>What holds for the methods that think over, whatever their options and the model's luck.</summary>
public sealed class MethodPropertyTests
{
    private sealed record Case(SearchOptions Options, int Rollouts, int PassRate);

    private static readonly string[] s_methods = ["gif", "rethink", "llama-berry"];

    private static readonly Gen<Case> s_cases =
        from method in Gen.Int[0, s_methods.Length - 1].Select(i => SearchMethods.For(s_methods[i]).Description)
        from seed in Gen.ULong
        from exploration in Gen.Double[0, 4]
        from samples in Gen.Int[1, 6]
        from depth in Gen.Int[1, 6]
        from alpha in Gen.Double[0, 1]
        from fast in Gen.Bool
        from exhaust in Gen.Bool
        from weight in Gen.Bool
        from inFlight in Gen.Int[1, 9]
        from rollouts in Gen.Int[1, 40]
        from passRate in Gen.Int[0, 200]
        from settings in Gen.Int[0, 9].Array[method.Settings.Count]
        select new Case(
            new SearchOptions
            {
                Method = method.Name,
                Seed = seed,
                Exploration = exploration,
                SamplesPerExpansion = samples,
                MaxDepth = depth,
                CompileWeight = alpha,
                FastAnswer = fast,
                Exhaust = exhaust,
                ProcessRewardWeight = weight ? 0.5 : 0,
                InFlight = inFlight,
                Settings = method.Settings.Zip(settings)
                    .Where(one => one.First.Choices.Count > 0)
                    .ToDictionary(one => one.First.Name, one => one.First.Choices[one.Second % one.First.Choices.Count]),
            },
            rollouts,
            passRate);

    private static async Task<List<SearchEvent>> RunAsync(Case one, Random? order, List<SearchEvent>? into = null, int cancelAfter = -1)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var model = new SeededModel(one.PassRate, order);
        var request = new SearchRequest(one.Options, new SearchBudget { Rollouts = one.Rollouts }, model, model, model) { Reflector = model, Comparer = model };
        var events = into ?? [];
        await foreach (var change in SearchMethods.For(one.Options.Method).SearchAsync(request, cancel.Token))
        {
            events.Add(change);
            if (events.Count == cancelAfter)
            {
                await cancel.CancelAsync();
            }
        }

        return events;
    }

    [Fact]
    public void Visits_add_up_values_stay_in_range_and_the_replay_is_the_original() => s_cases.Sample(
        one =>
        {
            var events = RunAsync(one, null).GetAwaiter().GetResult();
            var tree = SearchReplay.Rebuild(events);
            Assert.Equal(events.Finish().TreeHash, tree.ComputeHash());
            Assert.Equal(tree.Best?.Number, events.Finish().Node);
            Consistent(tree, events, one.Options);
            Assert.Equal(events.Finish().TreeHash, RunAsync(one, new Random(1)).GetAwaiter().GetResult().Finish().TreeHash);
        },
        iter: 400, seed: "0000KOIKe5O4", threads: 1);

    [Fact]
    public void A_search_cancelled_anywhere_leaves_events_that_replay() => Gen.Select(s_cases, Gen.Int[1, 60]).Sample(
        (one, after) =>
        {
            var events = new List<SearchEvent>();
            var cancelled = false;
            try
            {
                RunAsync(one, new Random(after), events, after).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
            }

            Assert.Equal(cancelled, events[^1] is not SearchFinished);
            Consistent(SearchReplay.Rebuild(events), events, one.Options);
        },
        iter: 100, seed: "0000KOIKe5O4", threads: 1);

    private static void Consistent(SearchTree tree, List<SearchEvent> events, SearchOptions options)
    {
        var leaves = events.OfType<RolloutFinished>().ToLookup(one => one.Path[^1], one => one.Value);
        Assert.Equal(tree.Rollouts, tree.Root.Visits);
        foreach (var node in tree.Nodes)
        {
            Assert.InRange(node.Value, -1, 1 + 1e-12);
            Assert.InRange(node.BestValue, 0, 1);
            Assert.InRange(node.Depth, 0, options.MaxDepth);
            Assert.True(!node.Terminal || node.Children.Count == 0);
            Assert.Equal(0, node.Unobserved);

            // What ended here, and what went through to a child.
            Assert.Equal(node.Visits, leaves[node.Number].Count() + node.Children.Sum(child => child.Visits));
            Assert.InRange(leaves[node.Number].Count(), 0, 1);
        }
    }
}
