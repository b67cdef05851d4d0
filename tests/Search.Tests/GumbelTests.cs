namespace O1Coder.Search.Tests;

/// <summary>Gumbel search against sequential halving and equations 8, 11 and 14 worked out anew.</summary>
public sealed class GumbelTests
{
    [Theory]
    [InlineData(4, 8, new[] { 0, 0, 0, 0, 1, 1, 2, 2 })]
    [InlineData(2, 6, new[] { 0, 0, 1, 1, 2, 2 })]
    [InlineData(1, 4, new[] { 0, 1, 2, 3 })]
    [InlineData(4, 16, new[] { 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5 })]
    [InlineData(8, 5, new[] { 0, 0, 0, 0, 0 })]
    public void Halving_visits_all_then_half_of_them(int considered, int simulations, int[] expected) =>
        Assert.Equal(expected, ConsideredVisits.Of(considered, simulations));

    [Fact]
    public async Task Four_outlines_share_the_simulations_by_halving()
    {
        // No program below any outline is better than another's but for the values; Gumbels are switched off.
        var plan = new ActionPlan([StepAction.DefineStructure], [StepAction.DefineStructure], [StepAction.Code], [StepAction.Code], true);
        var options = SearchMethods.For("gumbel").Description.Defaults with
        {
            Plan = plan,
            FastAnswer = false,
            SamplesPerExpansion = 1,
            MaxDepth = 3,
            Exhaust = true,
            Settings = new Dictionary<string, string> { ["considered"] = "4", ["gumbel-scale"] = "0", ["c-visit"] = "1" },
        };

        // The drawing is rollout 1, then eight simulations: programs 0 to 7 pass 0, 3, 1, 2, then 3, 2 | 2, 3 of 4.
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 9 }, new ScriptedModel(0, 3, 1, 2, 3, 2, 2, 3));
        var outlines = events.OfType<NodeAdded>().Take(4).ToList();
        Assert.All(outlines, node => Assert.Equal(0, node.Parent));

        var (n, w) = (new double[5], new double[5]);
        var order = new[] { 0, 0, 0, 0, 1, 1, 2, 2 };
        var rollouts = events.OfType<RolloutFinished>().ToList();
        Assert.Equal(8, rollouts.Count);
        for (var k = 0; k < 8; k++)
        {
            var largest = n.Max();
            var best = Enumerable.Range(1, 4).Where(arm => n[arm] == order[k])
                .MaxBy(arm => Math.Log(outlines[arm - 1].Prior!.Value) + ((1 + largest) * (n[arm] == 0 ? 0 : w[arm] / n[arm])));
            Assert.Equal(best, rollouts[k].Path[1]);
            n[best]++;
            w[best] += rollouts[k].Value;
        }

        Assert.Equal([1.0, 1.0, 3.0, 3.0], n.Skip(1).Order());
    }

    [Fact]
    public void Below_the_root_the_improved_policy_is_followed()
    {
        // Node with three children, priors .5, .3, .2; visits 2 (Q .6), 1 (Q .9), 0.
        var tree = new SearchTree();
        double[] priors = [0.5, 0.3, 0.2];
        for (var i = 1; i <= 3; i++)
        {
            tree.Apply(new NodeAdded(i, 0, StepAction.DefineStructure, 1, $"{i}", false, 1) { Prior = priors[i - 1] });
        }

        tree.Apply(new RolloutFinished(1, [0, 1], 0.6));
        tree.Apply(new RolloutFinished(2, [0, 1], 0.6));
        tree.Apply(new RolloutFinished(3, [0, 2], 0.9));

        // v̂ = 0.7; v_mix = (0.7 + 3/0.8·(0.5·0.6 + 0.3·0.9))/(1 + 3); σ(q) = (50 + 2)·0.1·q.
        var mixed = (0.7 + (3 / 0.8 * ((0.5 * 0.6) + (0.3 * 0.9)))) / 4;
        double[] improved =
        [
            Math.Exp(Math.Log(0.5) + (5.2 * 0.6)), Math.Exp(Math.Log(0.3) + (5.2 * 0.9)), Math.Exp(Math.Log(0.2) + (5.2 * mixed)),
        ];
        double[] scores = [(improved[0] / improved.Sum()) - (2 / 4.0), (improved[1] / improved.Sum()) - (1 / 4.0), improved[2] / improved.Sum()];
        var expected = 1 + Array.IndexOf(scores, scores.Max());
        Assert.Equal(expected, new CompletedQSelection(new SearchOptions(), 50, 0.1).Choose(tree.Root, 1)?.Number);
    }

    [Fact]
    public async Task A_program_is_visited_once_and_new_steps_are_drawn_when_all_have_ended()
    {
        var options = SearchMethods.For("gumbel").Description.Defaults with
        {
            Plan = ActionPlan.Direct,
            FastAnswer = false,
            Settings = new Dictionary<string, string> { ["considered"] = "4" },
        };
        var model = new ScriptedModel(0);
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 15 }, model);

        // Three drawings of four programs each, all of them judged.
        Assert.Equal(3, model.Asked.Count);
        Assert.Equal(12, model.Judged.Distinct().Count());
        Assert.All(SearchReplay.Rebuild(events).Nodes.Skip(1), node => Assert.Equal(1, node.Visits));
    }
}
