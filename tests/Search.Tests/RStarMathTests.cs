namespace O1Coder.Search.Tests;

/// <summary>rStar-Math's step search against equation 1 and 2 worked out anew.</summary>
public sealed class RStarMathTests
{
    private static readonly ActionPlan s_thoughtAndCode = new(
        [StepAction.DefineStructure, StepAction.Code], [StepAction.Code], [StepAction.Refine, StepAction.Code], [StepAction.Code], true);

    private static SearchOptions Options(params (string Name, string Value)[] settings) =>
        SearchMethods.For("rstar-math").Description.Defaults with
        {
            Plan = s_thoughtAndCode,
            MaxDepth = 4,
            SamplesPerExpansion = 2,
            Exhaust = true,
            Settings = settings.ToDictionary(one => one.Name, one => one.Value),
        };

    [Theory]
    [InlineData("first")]
    [InlineData("value")]
    public async Task Every_step_down_follows_equation_1_and_rewards_are_plus_or_minus_one(string unvisited)
    {
        var options = Options(("unvisited", unvisited)) with { Seed = 5 };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 50 }, new ScriptedModel(0, 4, -1, 2, 4, 1));
        var ledger = new Ledger();
        var rollouts = 0;
        foreach (var one in events)
        {
            ledger.Take(one, rollout =>
            {
                rollouts++;
                Assert.True(rollout.Value is 1 or -1);
                ledger.Follows(rollout, options.MaxDepth, (here, way) =>
                {
                    var (n, q) = way is { } child ? (ledger.N[child], ledger.Q(child)) : ledger.Ended(here, options.MaxDepth);
                    return n == 0
                        ? unvisited == "first" ? 1e9 : 0
                        : q + (2 * Math.Sqrt(Math.Log(ledger.N[here]) / n));
                });
            });
        }

        Assert.Equal(50, rollouts);
        var tree = SearchReplay.Rebuild(events);
        Assert.All(tree.Nodes, node => Assert.Equal(ledger.W[node.Number], node.ValueSum));
    }

    [Fact]
    public async Task One_step_judges_the_new_programs_and_leaves_new_steps_for_later()
    {
        // Expansion 1: outline, program 0 (fails). The outline has no visit and comes first: refinement, program 1 (passes).
        var events = await Searching.RunAsync(
            Options(("rollout", "one-step")), new SearchBudget { Rollouts = 2 }, new ScriptedModel(0, 4));
        Assert.Equal([[0, 2], [0, 1, 4]], events.OfType<RolloutFinished>().Select(one => one.Path.ToArray()));
        Assert.Equal([-1.0, 1.0], events.OfType<RolloutFinished>().Select(one => one.Value));
        var tree = SearchReplay.Rebuild(events);
        Assert.Equal([(2, 0.0), (1, 1.0), (1, -1.0), (0, 0.0), (1, 1.0)], tree.Nodes.Select(node => (node.Visits, node.ValueSum)));
    }

    [Fact]
    public async Task With_ppm_the_step_that_promises_most_is_entered_first()
    {
        var plan = ActionPlan.Paper;
        var options = Options(("step-value", "ppm"), ("rollout", "one-step")) with { Plan = plan, SamplesPerExpansion = 3 };
        var model = new ScriptedModel(0);
        var request = new SearchRequest(
            options, new SearchBudget { Rollouts = 2 }, model, model, new ScriptedEvaluator(text => text.EndsWith("0.1", StringComparison.Ordinal) ? 0.9 : 0.2));
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For("rstar-math").SearchAsync(request, TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        // The second rollout goes below the outline with r = 0.9, node 2.
        Assert.All(events.OfType<NodeAdded>().Skip(3), node => Assert.Equal(2, node.Parent));
        await Assert.ThrowsAsync<ArgumentException>(() => Searching.RunAsync(options, new SearchBudget(), model));
    }

    [Fact]
    public async Task A_path_that_ends_without_a_program_is_not_backed_up()
    {
        var options = Options() with { Plan = ActionPlan.Paper with { Step = [StepAction.Refine], StepWidening = [StepAction.Refine], CodeAtDepthLimit = false }, MaxDepth = 2 };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 3 }, new ScriptedModel(4));
        Assert.Empty(events.OfType<RolloutFinished>());
    }
}
