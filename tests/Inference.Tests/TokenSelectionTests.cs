using CsCheck;
using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Tests;

/// <summary>The likeliest tokens against a full sort, many equal weights and very uneven ones among them.</summary>
public sealed class TokenSelectionTests
{
    private static readonly Gen<float[]> s_weights = Gen.OneOf(
        Gen.Float[0, 1].Array[1, 300],
        Gen.Int[0, 3].Select(value => value / 4f).Array[1, 300],
        Gen.Float[-30, 0].Select(MathF.Exp).Array[1, 300],
        Gen.Int[1, 2000].Select(count => Enumerable.Repeat(0.25f, count).ToArray()));

    [Fact]
    public void As_many_as_are_wanted_come_first_and_the_least_likely_of_them_last() =>
        Gen.Select(s_weights, Gen.Int[1, 400], Gen.Int[0, 1000]).Sample((weights, count, seed) =>
        {
            var (tokens, sorted) = Tokens(weights, seed);
            var kept = TokenSelection.Likeliest(tokens, weights, count, double.PositiveInfinity, out var found);

            Assert.Equal(Math.Min(count, weights.Length), kept);
            Assert.Equal(sorted[..kept].Order(), tokens[..kept].Order());
            Assert.Equal(sorted[kept - 1], tokens[kept - 1]);
            Assert.Equal(sorted[..kept].Sum(token => (double)weights[token]), found, 1e-6);
        });

    [Fact]
    public void The_fewest_that_reach_the_mass_come_first() =>
        Gen.Select(s_weights, Gen.Double[0, 1.1], Gen.Int[0, 1000]).Sample((weights, share, seed) =>
        {
            var (tokens, sorted) = Tokens(weights, seed);
            var mass = share * weights.Sum(weight => (double)weight);
            var kept = TokenSelection.Likeliest(tokens, weights, weights.Length, mass, out var found);

            // Sums in another order differ by their rounding.
            Assert.Equal(sorted[..kept].Order(), tokens[..kept].Order());
            Assert.Equal(sorted[kept - 1], tokens[kept - 1]);
            Assert.True(found >= mass - 1e-9 || kept == weights.Length);
            Assert.True(kept == 1 || found - weights[tokens[kept - 1]] < mass + 1e-9);
        });

    [Fact]
    public void Those_of_at_least_a_weight_keep_their_order()
    {
        int[] tokens = [4, 0, 3, 1, 2];
        var kept = TokenSelection.AtLeast(tokens, [0.5f, 0.25f, 0.75f, 0.1f, 0.5f], 0.5f, out var found);
        Assert.Equal([4, 0, 2], tokens[..kept]);
        Assert.Equal(1.75, found);
    }

    private static (int[] Tokens, int[] Sorted) Tokens(float[] weights, int seed)
    {
        var tokens = Enumerable.Range(0, weights.Length).ToArray();
        new Random(seed).Shuffle(tokens);
        return (tokens, [.. tokens.OrderByDescending(token => weights[token]).ThenBy(token => token)]);
    }
}
