using O1Coder.Problems.Metrics;

namespace O1Coder.Problems.Tests;

public sealed class MetricsTests
{
    [Fact]
    public void The_generator_gives_the_published_numbers()
    {
        // The first five of SplitMix64 with seed 1234567, as its reference program prints them.
        var random = new SplitMix64(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

    [Fact]
    public void Draws_below_a_bound_are_even()
    {
        var random = new SplitMix64(7);
        var counts = new int[3];
        for (var i = 0; i < 30_000; i++)
        {
            counts[random.Next(3)]++;
        }

        // Five standard deviations of a binomial with n = 30,000 and p = 1/3 are 408.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 408, 10_000 + 408));
    }

    [Fact]
    public void Bootstrap_of_five_of_ten_has_the_quantiles_of_the_binomial()
    {
        // P(X ≤ 1) = 0.0107 and P(X ≤ 2) = 0.0547 for X ~ B(10, 1/2): the 2.5 % quantile is 2, the 97.5 % quantile 8.
        double[] values = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
        var interval = Bootstrap.OfMean(values, 1);
        Assert.Equal(0.5, interval.Estimate, tolerance: 1e-12);
        Assert.Equal(0.2, interval.Low, tolerance: 1e-12);
        Assert.Equal(0.8, interval.High, tolerance: 1e-12);
    }

    [Fact]
    public void Bootstrap_depends_on_the_seed_alone()
    {
        double[] values = [0.1, 0.7, 0.35, 0.9, 0.2, 0.66, 0.05];
        Assert.Equal(Bootstrap.OfMean(values, 3), Bootstrap.OfMean(values, 3));
        Assert.NotEqual(Bootstrap.OfMean(values, 3), Bootstrap.OfMean(values, 4));
        var narrow = Bootstrap.OfMean(values, 3, confidence: 0.5);
        var wide = Bootstrap.OfMean(values, 3);
        Assert.True(wide.Low < narrow.Low && narrow.Low < narrow.High && narrow.High < wide.High);
    }

    [Fact]
    public void Bootstrap_of_one_value_is_that_value() =>
        Assert.Equal(new ConfidenceInterval(0.25, 0.25, 0.25), Bootstrap.OfMean([0.25], 9));

    [Fact]
    public void Bootstrap_leaves_out_samples_without_a_value()
    {
        (double Score, bool Label)[] items = [(0.9, true), (0.1, false)];
        var interval = Bootstrap.Of(items, sample => BinaryMetrics.Auc([.. sample.Select(s => s.Score)], [.. sample.Select(s => s.Label)]), 5, 200);
        Assert.Equal(new ConfidenceInterval(1, 1, 1), interval);
        var none = Bootstrap.Of(items, _ => double.NaN, 5, 10);
        Assert.True(double.IsNaN(none.Low) && double.IsNaN(none.High));
    }

    [Fact]
    public void Quantiles_are_interpolated()
    {
        List<double> sorted = [1, 2, 4, 8];
        Assert.Equal(1.0, Bootstrap.Quantile(sorted, 0), tolerance: 1e-12);
        Assert.Equal(3.0, Bootstrap.Quantile(sorted, 0.5), tolerance: 1e-12);
        Assert.Equal(7.0, Bootstrap.Quantile(sorted, 11.0 / 12.0), tolerance: 1e-12);
        Assert.Equal(8.0, Bootstrap.Quantile(sorted, 1), tolerance: 1e-12);
    }

    [Fact]
    public void Bootstrap_refuses_what_cannot_be()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.OfMean([], 1));
        Assert.Throws<ArgumentException>(() => Bootstrap.OfMean([0.5, double.NaN], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMean([0.5], 1, resamples: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMean([0.5], 1, confidence: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMean([0.5], 1, confidence: double.NaN));
    }

    // Each counted by hand as the share of (true, false) pairs in the right order, ties a half.
    [Theory]
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { false, false, true, true }, 3.0 / 4)]
    [InlineData(new[] { 0.5, 0.5, 0.5 }, new[] { true, false, false }, 0.5)]
    [InlineData(new[] { 1.0, 2, 2, 3 }, new[] { false, true, false, true }, 3.5 / 4)]
    [InlineData(new[] { 3.0, 2, 1 }, new[] { false, true, true }, 0.0)]
    [InlineData(new[] { -1.0, double.PositiveInfinity }, new[] { false, true }, 1.0)]
    public void Auc_counts_pairs(double[] scores, bool[] labels, double expected) =>
        Assert.Equal(expected, BinaryMetrics.Auc(scores, labels), tolerance: 1e-12);

    [Fact]
    public void Auc_of_one_class_is_no_number() => Assert.True(double.IsNaN(BinaryMetrics.Auc([0.1, 0.2], [true, true])));

    [Fact]
    public void Probabilities_are_judged_as_by_hand()
    {
        double[] p = [0.9, 0.2, 0.6];
        bool[] labels = [true, false, false];
        Assert.Equal((0.01 + 0.04 + 0.36) / 3, BinaryMetrics.Brier(p, labels), tolerance: 1e-12);
        Assert.Equal(0.41493159961539694, BinaryMetrics.LogLoss(p, labels), tolerance: 1e-12); // −ln(0.9 · 0.8 · 0.4) / 3
        Assert.Equal(2.0 / 3, BinaryMetrics.Accuracy(p, labels), tolerance: 1e-12);
        Assert.Equal(1.0, BinaryMetrics.Accuracy(p, labels, threshold: 0.7), tolerance: 1e-12);
        Assert.Equal(1.0, BinaryMetrics.Accuracy([0.5], [true]), tolerance: 1e-12);
        Assert.Equal(34.538776394910684, BinaryMetrics.LogLoss([0.0], [true]), tolerance: 1e-9); // −ln 1e-15
        Assert.Equal(0.0, BinaryMetrics.LogLoss([1.0], [true]), tolerance: 1e-12);
    }

    [Fact]
    public void Calibration_is_the_weighted_gap_of_each_bin()
    {
        // (0, 0.1]: 1 of 2 true, mean 0.075, gap 0.425; (0.8, 0.9]: 1 of 2, mean 0.835, gap 0.335; (0.9, 1]: 1 of 1, gap 0.05.
        double[] p = [0.05, 0.1, 0.95, 0.85, 0.82];
        bool[] labels = [false, true, true, true, false];
        Assert.Equal((0.425 * 2 / 5) + (0.335 * 2 / 5) + (0.05 / 5), BinaryMetrics.ExpectedCalibrationError(p, labels), tolerance: 1e-12);
        Assert.Equal(0.0, BinaryMetrics.ExpectedCalibrationError([0.0, 1.0], [false, true]), tolerance: 1e-12);
        Assert.Equal(0.25, BinaryMetrics.ExpectedCalibrationError([0.25, 0.25], [true, false], bins: 1), tolerance: 1e-12);
    }

    [Fact]
    public void Binary_metrics_refuse_what_cannot_be()
    {
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Auc([], []));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Auc([1.0], [true, false]));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Auc([double.NaN], [true]));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Brier([1.1], [true]));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.LogLoss([double.NaN], [true]));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Accuracy([-0.1], [true]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinaryMetrics.ExpectedCalibrationError([0.5], [true], bins: 0));
    }

    [Fact]
    public void Aspr_is_the_mean_over_problems_with_a_correct_path()
    {
        LastStepSamples[] problems = [new(true, 3, 4), new(false, 0, 8), new(true, 1, 2), new(true, 0, 5), new(false, 0, 0)];
        Assert.Equal([0.75, 0.5, 0.0], Aspr.RatesOf(problems));
        Assert.Equal(1.25 / 3, Aspr.Of(problems), tolerance: 1e-12);
        Assert.True(double.IsNaN(Aspr.Of([new(false, 0, 8)])));
        Assert.Throws<ArgumentException>(() => Aspr.Of([new(true, 0, 0)]));
        Assert.Throws<ArgumentException>(() => Aspr.Of([new(true, 3, 2)]));
        Assert.Throws<ArgumentException>(() => Aspr.Of([new(false, -1, 2)]));
    }
}
