namespace O1Coder.Problems.Tests;

public sealed class AggregatedRewardTests
{
    [Fact]
    public void The_exponent_begins_at_one()
    {
        Assert.Equal((0.4 * 1) + (0.6 * ((0.9 * 0.5) + (0.81 * 1)) / 2), AggregatedReward.Phi(1, [0.5, 1], 0.4, 0.9), 1e-15);
        Assert.Equal(0.4, AggregatedReward.Phi(1, [], 0.4, 0.9));
    }

    [Fact]
    public void Alpha_falls_to_its_floor()
    {
        Assert.Equal(1, AggregatedReward.LinearAlpha(0));
        Assert.Equal(0.75, AggregatedReward.LinearAlpha(25), 1e-15);
        Assert.Equal(0.1, AggregatedReward.LinearAlpha(1000));
        Assert.Equal(1, AggregatedReward.LogarithmicAlpha(0));
        Assert.Equal(1 - (0.2 * Math.Log(4)), AggregatedReward.LogarithmicAlpha(3), 1e-15);
        Assert.Equal(0.1, AggregatedReward.LogarithmicAlpha(int.MaxValue));
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(double.NaN, [], 0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [double.PositiveInfinity], 0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [], 1.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [], 0.5, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.LinearAlpha(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.LinearAlpha(1, start: 0.5, floor: 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.LogarithmicAlpha(1, rate: double.NaN));
    }
}
