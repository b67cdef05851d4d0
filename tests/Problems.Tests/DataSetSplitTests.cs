using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Tests;

public sealed class DataSetSplitTests
{
    // 40 easy, 20 hard, 10 without a difficulty.
    private static readonly List<(string Id, Difficulty? Difficulty)> s_problems =
        [.. Enumerable.Range(0, 70).Select(i => ($"p{i}", i < 40 ? Difficulty.Easy : i < 60 ? Difficulty.Hard : (Difficulty?)null))];

    [Theory]
    [InlineData(7, 4, 2, 1)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(10, 6, 3, 1)] // 5.71, 2.86, 1.43: the whole parts, then the largest remainders.
    [InlineData(69, 39, 20, 10)] // 39.43, 19.71, 9.86.
    public void Each_difficulty_gives_its_share(int count, int easy, int hard, int unknown)
    {
        var chosen = DataSetSplit.Choose(s_problems, count, 1);
        Assert.Equal((easy, hard, unknown), (Count(Difficulty.Easy), Count(Difficulty.Hard), Count(null)));

        int Count(Difficulty? difficulty) => s_problems.Count(problem => problem.Difficulty == difficulty && chosen.Contains(problem.Id));
    }

    [Fact]
    public void The_seed_decides_and_the_order_does_not()
    {
        var chosen = DataSetSplit.Choose(s_problems, 20, 5);
        Assert.Equal(20, chosen.Count);
        Assert.True(chosen.SetEquals(DataSetSplit.Choose([.. s_problems.AsEnumerable().Reverse()], 20, 5)));
        Assert.False(chosen.SetEquals(DataSetSplit.Choose(s_problems, 20, 6)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    public void Both_parts_hold_something(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSetSplit.Choose(s_problems, count, 1));
}
