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
    public void The_papers_code_begins_at_zero()
    {
        // 0.4·1 + 0.6·(1·0.5 + 0.9·1)/2 = 0.4 + 0.42
        Assert.Equal(0.82, AggregatedReward.Phi(1, [0.5, 1], 0.4, 0.9, firstExponent: 0), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [0.5], 0.4, 0.9, firstExponent: 2));
    }

    [Theory]
    [InlineData(0, 1, 0)] // 0^1·1, 0^2·0.5
    [InlineData(0, 0, 0.5)] // 0^0·1 alone, over m = 2
    [InlineData(1, 1, 0.75)]
    [InlineData(1, 0, 0.75)]
    public void Gamma_may_be_zero_or_one(double gamma, int first, double expected) =>
        Assert.Equal(expected, AggregatedReward.ProcessPart([1, 0.5], gamma, first), 1e-15);

    [Fact]
    public void Alpha_falls_to_its_floor()
    {
        Assert.Equal(1, AlphaSchedule.PaperCode.At(0));
        Assert.Equal(0.75, AlphaSchedule.PaperCode.At(25), 1e-15);
        Assert.Equal(0.1, AlphaSchedule.PaperCode.At(1000));
        var logarithmic = new AlphaSchedule(AlphaDecay.Logarithmic, 1, 0.2, 0.1);
        Assert.Equal(1, logarithmic.At(0));
        Assert.Equal(1 - (0.2 * Math.Log(4)), logarithmic.At(3), 1e-15);
        Assert.Equal(0.1, logarithmic.At(int.MaxValue));
        Assert.Equal(0.05, AlphaSchedule.Constant(0.05).At(7));
        Assert.Equal(1, AlphaSchedule.Constant(1).At(7));
    }

    [Fact]
    public void Alpha_over_some_iterations_would_reach_a_tenth_behind_the_last()
    {
        // 1 − 0.9·3/10 and 1 − 0.9·ln 4 / ln 11
        Assert.Equal(0.73, AlphaSchedule.Over(AlphaDecay.Linear, 9).At(3), 1e-12);
        Assert.Equal(1 - (0.9 * Math.Log(4) / Math.Log(11)), AlphaSchedule.Over(AlphaDecay.Logarithmic, 9).At(3), 1e-12);
        Assert.Equal(0.1, AlphaSchedule.Over(AlphaDecay.Linear, 9).At(10), 1e-12);
        Assert.Equal(0.1, AlphaSchedule.Over(AlphaDecay.Logarithmic, 9).At(10), 1e-12);
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(double.NaN, [], 0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [double.PositiveInfinity], 0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [], 1.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedReward.Phi(1, [], 0.5, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => AlphaSchedule.PaperCode.At(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaSchedule(AlphaDecay.Linear, 0.5, 0.1, 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaSchedule(AlphaDecay.Logarithmic, 1, double.NaN, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaSchedule(AlphaDecay.Constant, 1, 0.1, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AlphaSchedule.Over(AlphaDecay.Linear, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AlphaSchedule.Over(AlphaDecay.Constant, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => AlphaSchedule.Constant(double.NaN));
    }
}
