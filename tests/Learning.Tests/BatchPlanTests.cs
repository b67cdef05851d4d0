using O1Coder.Learning.Data;

namespace O1Coder.Learning.Tests;

public sealed class BatchPlanTests
{
    private static readonly int[] s_tokens = [60, 10, 30, 200, 5, 70, 40, 40, 25, 90];

    [Fact]
    public void EveryEpochHasEveryExampleOnceAndNoBatchIsTooLong()
    {
        var plan = new BatchPlan(s_tokens, 100, 2, epochs: 3, mostSteps: 0, seed: 5);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var batches = Enumerable.Range(0, plan.Steps).Where(step => plan.Epoch(step) == epoch).SelectMany(plan.Batches).ToList();
            Assert.Equal(Enumerable.Range(0, s_tokens.Length), batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch => Assert.True(batch.Count == 1 || batch.Sum(example => s_tokens[example]) <= 100));

            // 570 tokens in batches of 100, with one example of 200: first-fit needs at most one batch more than the best.
            Assert.InRange(batches.Count, 5, 7);
        }
    }

    [Fact]
    public void AStepIsAFunctionOfItsNumber()
    {
        var forward = new BatchPlan(s_tokens, 100, 1, epochs: 4, mostSteps: 0, seed: 5);
        var backward = new BatchPlan(s_tokens, 100, 1, epochs: 4, mostSteps: 0, seed: 5);
        var expected = Enumerable.Range(0, forward.Steps).Select(forward.Batches).ToList();
        for (var step = backward.Steps - 1; step >= 0; step--)
        {
            Assert.Equal(expected[step], backward.Batches(step));
        }

        var other = new BatchPlan(s_tokens, 100, 1, epochs: 4, mostSteps: 0, seed: 6);
        Assert.NotEqual(expected[0], other.Batches(0));
    }

    [Fact]
    public void MostStepsCutTheLastEpoch()
    {
        var plan = new BatchPlan(s_tokens, 100, 1, epochs: 1000, mostSteps: 9, seed: 5);
        Assert.Equal(9, plan.Steps);
        Assert.Equal(1, plan.Epoch(8));
    }
}
