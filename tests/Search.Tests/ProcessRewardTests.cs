using CsCheck;

namespace O1Coder.Search.Tests;

public sealed class ProcessRewardTests
{
    private static readonly SearchOptions s_paper = new()
    {
        Plan = ActionPlan.Paper,
        FastAnswer = false,
        ProgramsFirst = false,
        MaxDepth = 4,
    };

    private static double ByText(string text) => (uint)text.Sum(c => c * 31) % 101 / 100.0;

    private static async Task<List<SearchEvent>> RunAsync(
        SearchOptions options, int rollouts, IStepEvaluator? evaluator, params int[] passed)
    {
        var model = new ScriptedModel(passed);
        var request = new SearchRequest(options, new SearchBudget { Rollouts = rollouts }, model, model, evaluator);
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For(options.Method).SearchAsync(request, TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    [Fact]
    public void AtWeightZeroNobodyIsAskedAndTheTreeIsTheSame() => Gen.Select(Gen.ULong, Gen.Int[1, 30], Gen.Int[-1, 3].Array[1, 20]).Sample(
        (seed, rollouts, passed) =>
        {
            var evaluator = new ScriptedEvaluator(ByText);
            var options = s_paper with { Seed = seed };
            var with = RunAsync(options, rollouts, evaluator, passed).GetAwaiter().GetResult();
            var without = RunAsync(options, rollouts, null, passed).GetAwaiter().GetResult();
            Assert.Empty(evaluator.Asked);
            Assert.Equal(without.Finish().TreeHash, with.Finish().TreeHash);
        },
        iter: 100, seed: "0000KOIKe5O4", threads: 1);

    [Fact]
    public void WithRewardsTheReplayIsTheSearch() => Gen.Select(Gen.ULong, Gen.Double[0.01, 1], Gen.Int[-1, 3].Array[1, 20]).Sample(
        (seed, weight, passed) =>
        {
            var options = s_paper with { Seed = seed, ProcessRewardWeight = weight };
            var events = RunAsync(options, 20, new ScriptedEvaluator(ByText), passed).GetAwaiter().GetResult();
            var tree = SearchReplay.Rebuild(events);
            Assert.Equal(events.Finish().TreeHash, tree.ComputeHash());
            Assert.All(tree.Nodes.Skip(1), node => Assert.Equal(node.Terminal ? null : ByText(node.Text), node.ProcessReward));
            Assert.Equal(events.Finish().TreeHash, RunAsync(options, 20, new ScriptedEvaluator(ByText), passed).GetAwaiter().GetResult().Finish().TreeHash);
            Assert.All(tree.Nodes, node => Assert.InRange(node.ValueSum, 0, node.Visits));
        },
        iter: 100, seed: "0000KOIKe5O4", threads: 1);

    [Fact]
    public async Task TheHashTellsRewardsApart()
    {
        var options = s_paper with { ProcessRewardWeight = 1 };
        var one = await RunAsync(options, 1, new ScriptedEvaluator(_ => 0.5), 0);
        var other = await RunAsync(options, 1, new ScriptedEvaluator(_ => 0.25), 0);
        Assert.NotEqual(one.Finish().TreeHash, other.Finish().TreeHash);
    }

    [Fact]
    public async Task TheMostPromisingThoughtIsTakenFirst()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var evaluator = new ScriptedEvaluator(text => text.EndsWith('1') ? 0.9 : 0.2);
            var events = await RunAsync(s_paper with { Seed = seed, ProcessRewardWeight = 0.5 }, 1, evaluator, 0);

            var rollout = Assert.Single(events.OfType<RolloutFinished>());
            Assert.Equal("DefineStructure 0.1", events.OfType<NodeAdded>().Single(node => node.Node == rollout.Path[1]).Text);
            Assert.Equal(0, Assert.Single(evaluator.Asked[0].Path).Number);
            Assert.Equal(3, evaluator.Asked[0].Candidates.Count);
        }
    }

    [Fact]
    public void ARewardCountsAsVisitsThatCameBefore()
    {
        // Two children with one visit of the same value each; the second has the larger reward.
        var tree = new SearchTree();
        tree.Apply(new NodeAdded(1, 0, StepAction.DefineStructure, 1, "a", false, 1, 0.4));
        tree.Apply(new NodeAdded(2, 0, StepAction.DefineStructure, 1, "b", false, 1, 0.6));
        tree.Apply(new RolloutFinished(1, [0, 1], 0.5));
        tree.Apply(new RolloutFinished(2, [0, 2], 0.5));
        Assert.Equal(1, new UctSelection(s_paper).Choose(tree.Root, 1)?.Number);
        Assert.Equal(2, new UctSelection(s_paper with { ProcessRewardWeight = 0.1 }).Choose(tree.Root, 1)?.Number);

        // 0.62 against (0.5 + 0.5·0.9) / 1.5 = 0.633: the weight decides how much a better value outweighs.
        tree = new SearchTree();
        tree.Apply(new NodeAdded(1, 0, StepAction.DefineStructure, 1, "a", false, 1, 0.62));
        tree.Apply(new NodeAdded(2, 0, StepAction.DefineStructure, 1, "b", false, 1, 0.9));
        tree.Apply(new RolloutFinished(1, [0, 1], 0.62));
        tree.Apply(new RolloutFinished(2, [0, 2], 0.5));
        Assert.Equal(2, new UctSelection(s_paper with { ProcessRewardWeight = 0.5 }).Choose(tree.Root, 1)?.Number);
        Assert.Equal(1, new UctSelection(s_paper with { ProcessRewardWeight = 0.4 }).Choose(tree.Root, 1)?.Number);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public async Task AWeightOutOfRangeIsNamed(double weight)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => RunAsync(s_paper with { ProcessRewardWeight = weight }, 1, new ScriptedEvaluator(ByText), 0));
        Assert.StartsWith("ProcessRewardWeight is '", error.Message);
    }

    [Fact]
    public async Task AWeightNeedsAnEvaluatorThatKeepsItsWord()
    {
        var options = s_paper with { ProcessRewardWeight = 1 };
        var absent = await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(options, 1, null, 0));
        Assert.StartsWith("Evaluator is 'absent'", absent.Message);
        var wild = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(options, 1, new ScriptedEvaluator(_ => 2), 0));
        Assert.Contains("expected 3 in [0, 1]", wild.Message);
    }
}
