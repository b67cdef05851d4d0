namespace O1Coder.Search.Tests;

/// <summary>What holds for every method with several rollouts under way.</summary>
public sealed class ParallelTests
{
    public static TheoryData<string> Methods => [.. SearchMethods.Names];

    private static async Task<List<SearchEvent>> RunAsync(string method, ulong seed, int inFlight, SeededModel model, bool exhaust = true)
    {
        var options = SearchMethods.For(method).Description.Defaults with
        {
            Method = method,
            Seed = seed,
            InFlight = inFlight,
            Exhaust = exhaust,
            SamplesPerExpansion = 3,
        };
        var request = new SearchRequest(options, new SearchBudget { Rollouts = 40 }, model, model, model) { Reflector = model, Comparer = model };
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For(method).SearchAsync(request, TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_order_in_which_answers_arrive_never_changes_the_tree(string method)
    {
        foreach (var inFlight in new[] { 1, 2, 8 })
        {
            for (var seed = 0UL; seed < 4; seed++)
            {
                var hashes = new HashSet<string>();
                for (var order = 0; order < 4; order++)
                {
                    var events = await RunAsync(method, seed, inFlight, new SeededModel(20, order == 0 ? null : new Random(order)));
                    hashes.Add(events.Finish().TreeHash);
                    var tree = SearchReplay.Rebuild(events);
                    Assert.Equal(events.Finish().TreeHash, tree.ComputeHash());
                    Assert.All(tree.Nodes, node => Assert.Equal(0, node.Unobserved));
                }

                Assert.Single(hashes);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_search_stops_at_the_first_program_that_passes_however_many_are_under_way(string method)
    {
        for (var seed = 0UL; seed < 6; seed++)
        {
            var events = await RunAsync(method, seed, 8, new SeededModel(400, new Random((int)seed)), exhaust: false);
            var passed = events.OfType<ProgramJudged>().Where(one => one.Judgement.Accepted).ToList();
            Assert.InRange(passed.Count, 0, method is "beam" or "rstar-math" ? 12 : 1);
            Assert.Equal(passed.Count > 0, events.Finish().Reason == StopReason.Passed);
        }
    }

    [Fact]
    public async Task Eight_leaves_in_flight_ask_for_eight_expansions_at_once()
    {
        // The first expansion of the root asks for programs and for an outline, the seven that widen it for programs: nine asks,
        // none of which is answered before all are there. With fewer under way this would wait in vain.
        var model = new HoldingModel(9);
        var options = new SearchOptions { InFlight = 8, FastAnswer = false };
        var request = new SearchRequest(options, new SearchBudget { Rollouts = 8 }, model, model);
        var rollouts = 0;
        await foreach (var one in SearchMethods.For("o1-coder").SearchAsync(request, TestContext.Current.CancellationToken))
        {
            rollouts += one is RolloutFinished ? 1 : 0;
        }

        Assert.Equal(8, rollouts);

        var alone = new SeededModel(0, new Random(1));
        await RunAsync("o1-coder", 1, 1, alone);
        Assert.InRange(alone.MostUnderWay, 1, 2);
    }

    // Answers the first asks when there are so many of them.
    private sealed class HoldingModel(int asks) : IProposer, IJudge
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SeededModel _model = new(0, null);
        private int _asked;

        public async Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) == asks)
            {
                _all.SetResult();
            }

            await _all.Task.WaitAsync(s_patience, cancellationToken);
            return await _model.ProposeAsync(request, cancellationToken);
        }

        public Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken) =>
            _model.JudgeAsync(program, trace, cancellationToken);
    }

    [Fact]
    public void Unobserved_visits_make_a_way_less_attractive()
    {
        // Two children of equal value and visits; one has three rollouts under way (WU-UCT, equation 4).
        var tree = new SearchTree();
        for (var i = 1; i <= 2; i++)
        {
            tree.Apply(new NodeAdded(i, 0, StepAction.DefineStructure, 1, $"{i}", false, 1));
        }

        tree.Apply(new RolloutFinished(1, [0, 1], 0.5));
        tree.Apply(new RolloutFinished(2, [0, 2], 0.5));
        var selection = new UctSelection(new SearchOptions());
        Assert.Equal(1, selection.Choose(tree.Root, 1)?.Number);
        (tree.Nodes[1].Unobserved, tree.Root.Unobserved) = (3, 3);
        var (first, second) = (0.5 + (2 * Math.Sqrt(Math.Log(5) / 4)), 0.5 + (2 * Math.Sqrt(Math.Log(5) / 1)));
        Assert.True(second > first);
        Assert.Equal(first, UctSelection.Score(0.5, 1, 4, 5, 2), 12);
        Assert.Equal(2, selection.Choose(tree.Root, 1)?.Number);
    }
}
