using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Tests;

public sealed class SamplerTests
{
    [Fact]
    public void Greedy_takes_the_largest_and_of_equal_ones_the_lowest_id()
    {
        float[] logits = new float[1000];
        logits[700] = logits[317] = logits[318] = 4;
        var random = new RandomStream(1, 0);
        var drawn = new Sampler(1000).Draw(logits, new SamplingOptions { MaxTokens = 1 }, ref random);

        Assert.Equal((317, 0f), (drawn.Token, drawn.SamplingLogProbability));
        Assert.Equal(4 - Math.Log((3 * Math.Exp(4)) + 997), drawn.ModelLogProbability, 1e-5);
    }

    // Every combination against the definition, written with a full sort.
    [Theory]
    [InlineData(1f, 0, 1f)]
    [InlineData(0.5f, 0, 1f)]
    [InlineData(2f, 0, 1f)]
    [InlineData(1f, 5, 1f)]
    [InlineData(1f, 1, 1f)]
    [InlineData(1f, 5000, 1f)]
    [InlineData(1f, 0, 0.5f)]
    [InlineData(1f, 0, 0.0001f)]
    [InlineData(1.7f, 0, 0.999f)]
    [InlineData(5f, 0, 0.9999f)]
    [InlineData(0.7f, 20, 0.9f)]
    [InlineData(1.5f, 200, 0.95f)]
    [InlineData(0.001f, 0, 0.9f)]
    [InlineData(1e-40f, 3, 1f)]
    public void Draws_from_the_distribution_that_the_field_defines(float temperature, int topK, float topP)
    {
        var source = new Random(5);
        var logits = new float[1501];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = (float)((source.NextDouble() * 12) + (source.NextDouble() < 0.01 ? 8 : 0));
        }

        logits[10] = logits[11] = logits[1400];
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MaxTokens = 1 };
        var expected = Define(logits, options);
        var model = Define(logits, new SamplingOptions { Temperature = 1, MaxTokens = 1 });
        var sampler = new Sampler(logits.Length);
        var random = new RandomStream(9, 0);
        var counts = new Dictionary<int, int>();
        const int Draws = 2000;
        for (var i = 0; i < Draws; i++)
        {
            var drawn = sampler.Draw(logits, options, ref random);
            counts[drawn.Token] = counts.GetValueOrDefault(drawn.Token) + 1;
            Assert.True(expected.TryGetValue(drawn.Token, out var probability), $"token {drawn.Token} is cut off");
            Assert.Equal(Math.Log(probability), drawn.SamplingLogProbability, 1e-3);
            Assert.Equal(Math.Log(model[drawn.Token]), drawn.ModelLogProbability, 1e-3);
        }

        // Each likely token's count lies within five standard deviations; the seed is fixed.
        foreach (var (token, probability) in expected.Where(pair => pair.Value * Draws > 20))
        {
            var deviation = Math.Sqrt(Draws * probability * (1 - probability));
            Assert.InRange(counts.GetValueOrDefault(token), (Draws * probability) - (5 * deviation) - 1, (Draws * probability) + (5 * deviation) + 1);
        }
    }

    [Fact]
    public void Equal_tokens_at_the_cut_go_by_id()
    {
        var logits = new float[64];
        Array.Fill(logits, 1f);
        var sampler = new Sampler(64);
        var random = new RandomStream(3, 1);
        var options = new SamplingOptions { Temperature = 1, TopK = 4, MaxTokens = 1 };
        var tokens = Enumerable.Range(0, 200).Select(_ => sampler.Draw(logits, options, ref random).Token);

        Assert.Equal([0, 1, 2, 3], tokens.Distinct().Order());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Refuses_logits_that_are_no_numbers(float broken)
    {
        var logits = new float[100];
        logits[40] = broken;
        var random = new RandomStream(1, 0);
        Assert.Throws<InvalidDataException>(() => new Sampler(100).Draw(logits, new SamplingOptions { MaxTokens = 1 }, ref random));
    }

    [Fact]
    public void Draws_allocate_nothing()
    {
        var logits = Enumerable.Range(0, 5000).Select(i => (float)Math.Sin(i)).ToArray();
        var sampler = new Sampler(logits.Length);
        var random = new RandomStream(1, 0);
        var options = new SamplingOptions { Temperature = 0.8f, TopK = 40, TopP = 0.9f, MaxTokens = 1 };
        sampler.Draw(logits, options, ref random);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sampler.Draw(logits, options, ref random);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Dictionary<int, double> Define(float[] logits, SamplingOptions options)
    {
        var largest = (double)logits.Max();
        var sorted = logits.Select((logit, token) => (Token: token, Weight: Math.Exp((logit - largest) / options.Temperature)))
            .Where(pair => pair.Weight > 0)
            .OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.Token)
            .ToList();
        if (options.TopK > 0)
        {
            sorted = sorted.GetRange(0, Math.Min(options.TopK, sorted.Count));
        }

        var wanted = options.TopP * sorted.Sum(pair => pair.Weight);
        var kept = new Dictionary<int, double>();
        var mass = 0.0;
        foreach (var (token, weight) in sorted)
        {
            if (kept.Count > 0 && mass >= wanted && options.TopP < 1)
            {
                break;
            }

            kept.Add(token, weight);
            mass += weight;
        }

        return kept.ToDictionary(pair => pair.Key, pair => pair.Value / mass);
    }
}
