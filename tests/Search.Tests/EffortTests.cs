namespace O1Coder.Search.Tests;

/// <summary>How effort follows the problem, in one search and between many.</summary>
public sealed class EffortTests
{
    [Fact]
    public async Task An_easy_problem_costs_one_greedy_program()
    {
        var model = new ScriptedModel(4);
        var events = await RunAsync(new SearchBudget(), model);
        Assert.True(Assert.Single(model.Asked).Greedy);
        Assert.Equal(StopReason.Passed, events.Finish().Reason);
    }

    [Fact]
    public async Task Programs_are_asked_for_as_many_at_a_time_as_are_left()
    {
        var model = new ScriptedModel(0);
        await RunAsync(new SearchBudget { Rollouts = 13 }, model, ("reasoning", "never"));
        Assert.Equal([1, 8, 4], model.Asked.Select(asked => asked.Count));
        Assert.Equal(13, model.Judged.Count);
    }

    [Fact]
    public async Task Thoughts_get_their_turn_when_direct_programs_bring_little_and_only_while_there_is_room_below_them()
    {
        // Direct programs never compile; the first outline's programs pass half of the tests.
        var model = new ScriptedModel(-1);
        var events = await RunAsync(new SearchBudget { Rollouts = 32 }, model);
        Assert.Contains(events.OfType<NodeAdded>(), node => node.Action == StepAction.DefineStructure);
        var last = new ScriptedModel(-1);
        await RunAsync(new SearchBudget { Rollouts = 2 }, last);
        Assert.DoesNotContain(last.Asked, asked => asked.Action == StepAction.DefineStructure);
    }

    [Fact]
    public async Task A_program_that_passes_without_confidence_has_to_be_confirmed_by_another()
    {
        // Probabilities a token: exp(−1) = 0.37 for the first of a request.
        var sure = new ScriptedModel(4);
        Assert.Single((await RunAsync(new SearchBudget(), sure, ("confidence", "0.3"))).OfType<ProgramJudged>());

        var unsure = new ScriptedModel(4, 0, 4);
        var events = await RunAsync(new SearchBudget(), unsure, ("confidence", "0.9"));
        Assert.Equal(2, events.OfType<ProgramJudged>().Count(judged => judged.Judgement.Accepted));
        Assert.Equal(StopReason.Passed, events.Finish().Reason);
    }

    [Fact]
    public async Task A_hopeless_search_gives_up()
    {
        // 0.5/(1.5 + n) < 0.05 from n = 9.
        var model = new ScriptedModel(0);
        var events = await RunAsync(new SearchBudget { Rollouts = 500 }, model, ("stop-below", "0.05"), ("reasoning", "never"));
        Assert.Equal(StopReason.Exhausted, events.Finish().Reason);
        Assert.Equal(9, model.Judged.Count);
    }

    [Fact]
    public async Task A_gate_is_asked_before_each_grant_and_the_tree_is_that_of_the_rollouts_it_let_pass()
    {
        var gate = new Gate(3);
        var model = new SeededModel(0, null);
        var options = new SearchOptions { Seed = 3 };
        var shared = await RunAsync(options, new SearchBudget { Gate = gate, Grant = 5, Rollouts = 100 }, model);
        Assert.Equal([0, 5, 10, 15], gate.Asked.Select(standing => standing.Rollouts));
        Assert.Equal(StopReason.BudgetSpent, shared.Finish().Reason);
        var alone = await RunAsync(options, new SearchBudget { Rollouts = 15 }, model);
        Assert.Equal(alone.Finish().TreeHash, shared.Finish().TreeHash);
    }

    [Fact]
    public void What_a_solved_problem_leaves_goes_to_those_that_are_not()
    {
        var allocator = new ExpectedGainAllocator(new EffortBudget { Rollouts = 40, Grant = 4, RolloutsEach = 100 });
        foreach (var problem in new[] { "easy", "hard", "near" })
        {
            allocator.Add(problem, Standing.Untried);
        }

        var grants = new List<string>();
        var done = new Dictionary<string, int>();
        while (allocator.Next() is { } problem)
        {
            grants.Add(problem);
            var rollouts = done.GetValueOrDefault(problem) + 4;
            done[problem] = rollouts;
            allocator.Report(problem, new Standing(rollouts, rollouts * 90, rollouts, problem == "near" ? 0.8 : 0.1, problem == "easy"), over: false);
        }

        Assert.Equal(["easy", "hard", "near"], grants.Take(3));
        Assert.Equal(10, grants.Count);
        Assert.Equal(1, grants.Count(one => one == "easy"));
        Assert.Equal(40, allocator.Spent.Rollouts);
    }

    [Fact]
    public void The_likeliest_gain_a_token_comes_first_and_what_the_run_has_seen_counts()
    {
        var allocator = new ExpectedGainAllocator(new EffortBudget { Grant = 4, RolloutsEach = 64 });

        // Thirty that came near were solved by their next grant, thirty that did not were not.
        for (var i = 0; i < 30; i++)
        {
            allocator.Add($"near {i}", new Standing(4, 400, 4, 0.8, false));
            allocator.Add($"far {i}", new Standing(4, 400, 4, 0.1, false));
        }

        for (var i = 0; i < 60; i++)
        {
            var problem = allocator.Next()!;
            var near = problem.StartsWith("near", StringComparison.Ordinal);
            allocator.Report(problem, new Standing(8, 800, 8, near ? 1 : 0.1, near), over: false);
        }

        // Equal but for what they cost: the cheaper one first. Then the other, although a tenth of its price buys a rollout of
        // one that stands where nobody was solved: 30 of 30 against 0 of 30, prior 0.5/5.5 with weight 8.
        Assert.True((30 + (8 * 0.5 / 5.5)) / 38 / 1000 > 8 * 0.5 / 5.5 / 38 / 100);
        allocator.Add("dear", new Standing(4, 4000, 4, 0.8, false));
        allocator.Add("cheap", new Standing(4, 400, 4, 0.8, false));
        allocator.Add("stuck", new Standing(4, 400, 4, 0.1, false));
        Assert.Equal("cheap", allocator.Next());
        Assert.Equal("dear", allocator.Next());
        Assert.Throws<ArgumentException>(() => allocator.Add("cheap", Standing.Untried));
        Assert.Throws<ArgumentException>(() => allocator.Report("stranger", Standing.Untried, over: true));
    }

    [Fact]
    public void The_budget_counts_what_is_granted_and_has_not_come_back()
    {
        var allocator = new ExpectedGainAllocator(new EffortBudget { Rollouts = 8, Grant = 4 });
        foreach (var problem in new[] { "a", "b", "c" })
        {
            allocator.Add(problem, Standing.Untried);
        }

        Assert.Equal("a", allocator.Next());
        Assert.Equal("b", allocator.Next());
        Assert.Null(allocator.Next());
        allocator.Report("a", new Standing(1, 90, 1, 1, true), over: true);
        Assert.Equal("c", allocator.Next());
    }

    [Fact]
    public void The_front_holds_what_no_other_beats()
    {
        ParetoPoint[] points =
        [
            new("greedy", 4, 10, 1000, 5), new("sample", 7, 10, 6000, 20), new("worse", 7, 10, 7000, 25), new("slow", 8, 10, 6000, 60),
            new("cheap", 4, 10, 900, 9),
        ];
        Assert.Equal(["greedy", "sample", "slow", "cheap"], ParetoPoint.Front(points).Select(point => point.Name));
        Assert.Equal(250, points[0].TokensASolved);
        Assert.Equal(double.PositiveInfinity, new ParetoPoint("none", 0, 1, 5, 1).TokensASolved);
    }

    private static Task<List<SearchEvent>> RunAsync(
        SearchBudget budget, ScriptedModel model, params (string Name, string Value)[] settings) => Searching.RunAsync(
        SearchMethods.For("adaptive").Description.Defaults with
        {
            InFlight = 1,
            Settings = settings.ToDictionary(one => one.Name, one => one.Value),
        },
        budget, model);

    private static async Task<List<SearchEvent>> RunAsync(SearchOptions options, SearchBudget budget, SeededModel model)
    {
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For(options.Method).SearchAsync(
            new SearchRequest(options, budget, model, model), TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    private sealed class Gate(int grants) : IEffortGate
    {
        public List<Standing> Asked { get; } = [];

        public ValueTask<bool> MoreAsync(Standing standing, CancellationToken cancellationToken)
        {
            Asked.Add(standing);
            return ValueTask.FromResult(Asked.Count <= grants);
        }
    }
}
