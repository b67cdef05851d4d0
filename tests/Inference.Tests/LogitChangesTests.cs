using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Tests;

/// <summary>Bias, repetition penalty, masks and min-p against their definition, written with full sorts and in doubles.</summary>
public sealed class LogitChangesTests
{
    private const int Vocabulary = 1501;

    public static TheoryData<float, int, float, float, float, bool, bool> Cases => new()
    {
        // Temperature, top-k, top-p, min-p, penalty, bias, mask.
        { 1f, 0, 1f, 0.1f, 1f, false, false },
        { 1f, 0, 1f, 1f, 1f, false, false },
        { 2.5f, 0, 1f, 0.001f, 1f, false, false },
        { 1f, 30, 1f, 0.05f, 1f, false, false },
        { 1f, 0, 0.9f, 0.05f, 1f, false, false },
        { 1.5f, 40, 0.8f, 0.02f, 1f, false, false },
        { 1.5f, 40, 0.95f, 0.2f, 1f, false, false },
        { 1f, 0, 1f, 0f, 1.3f, false, false },
        { 0.7f, 0, 1f, 0f, 0.5f, false, false },
        { 1f, 0, 1f, 0f, 1f, true, false },
        { 1f, 0, 1f, 0f, 1f, false, true },
        { 1f, 5, 1f, 0f, 10f, true, true },
        { 1.2f, 0, 1f, 0f, 1.1f, true, true },
        { 1.2f, 50, 0.9f, 0.01f, 1.1f, true, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Draws_from_the_distribution_that_the_definition_gives(
        float temperature, int topK, float topP, float minP, float penalty, bool bias, bool mask)
    {
        var logits = Logits(7);
        var options = new SamplingOptions
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            MinP = minP,
            RepetitionPenalty = penalty,
            MaxTokens = 1,
        };
        var biases = bias ? Biases(logits) : [];
        var seen = penalty == 1 ? [] : Enumerable.Range(0, Vocabulary).Where(token => token % 3 == 0).ToArray();
        var allowed = mask ? Enumerable.Range(0, Vocabulary).Where(token => token % 64 != 5 && token is < 64 or > 640).ToHashSet() : null;
        var expected = Define(logits, options, biases, seen, allowed);
        var model = Define(logits, new SamplingOptions { Temperature = 1, MaxTokens = 1 }, [], [], null);
        var sampler = new Sampler(Vocabulary);
        var random = new RandomStream(11, 0);
        var counts = new Dictionary<int, int>();
        var bits = Bits(allowed);
        const int Draws = 2000;
        for (var i = 0; i < Draws; i++)
        {
            var drawn = sampler.Draw(logits, options, ref random, new LogitChanges { Bias = biases, Seen = seen, Allowed = bits });
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
    public void Greedy_takes_the_likeliest_after_bias_penalty_and_mask()
    {
        var sampler = new Sampler(Vocabulary);
        for (var seed = 0; seed < 50; seed++)
        {
            var logits = Logits(seed);
            var biases = Biases(logits);
            var seen = Enumerable.Range(seed, 400).ToArray();
            var allowed = Enumerable.Range(0, Vocabulary).Where(token => (token + seed) % 7 < 3).ToHashSet();
            var options = new SamplingOptions { RepetitionPenalty = 1.4f, MaxTokens = 1 };
            var random = new RandomStream(1, 0);

            var drawn = sampler.Draw(logits, options, ref random, new LogitChanges { Bias = biases, Seen = seen, Allowed = Bits(allowed) });

            var changed = Change(logits, options, biases, seen, allowed);
            Assert.Equal(Array.IndexOf(changed, changed.Max()), drawn.Token);
            Assert.Equal(0, drawn.SamplingLogProbability);
            Assert.Equal(logits[drawn.Token] - Math.Log(logits.Sum(logit => Math.Exp(logit))), drawn.ModelLogProbability, 1e-4);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Where_everything_is_banned_there_is_no_token(float temperature)
    {
        var random = new RandomStream(1, 0);
        var options = new SamplingOptions { Temperature = temperature, MaxTokens = 1 };
        var banned = Enumerable.Range(0, 100).Select(token => KeyValuePair.Create(token, LogitChanges.Ban)).ToArray();

        Assert.Equal(DrawnToken.NoToken, new Sampler(100).Draw(new float[100], options, ref random, new LogitChanges { Bias = banned }).Token);
        Assert.Equal(
            DrawnToken.NoToken,
            new Sampler(100).Draw(new float[100], options, ref random, new LogitChanges { Allowed = new ulong[2] }).Token);
    }

    [Fact]
    public void A_token_that_is_left_alone_is_certain()
    {
        var random = new RandomStream(1, 0);
        var options = new SamplingOptions { Temperature = 1, MaxTokens = 1 };
        var bits = new ulong[(Vocabulary + 63) / 64];
        bits[1400 / 64] |= 1UL << (1400 % 64);

        var drawn = new Sampler(Vocabulary).Draw(Logits(3), options, ref random, new LogitChanges { Allowed = bits });

        Assert.Equal((1400, 0f), (drawn.Token, drawn.SamplingLogProbability));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void The_likeliest_tokens_are_those_of_a_full_sort(int count)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            // Rounded, so that many are equal.
            var logits = Logits(seed).Take(seed % 5 == 0 ? 10 + seed : Vocabulary).Select(logit => MathF.Round(logit, 1)).ToArray();
            var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
            var expected = logits.Index().OrderByDescending(pair => pair.Item).ThenBy(pair => pair.Index).Take(count).ToArray();

            var found = LikeliestTokens.Find(logits, (float)logSum, count);

            Assert.Equal(expected.Select(pair => pair.Index), found.Select(pair => pair.Token));
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Item - logSum, pair.Second.LogProbability, 1e-4));
        }
    }

    [Fact]
    public void Draws_with_changes_allocate_nothing()
    {
        var logits = Logits(1);
        var sampler = new Sampler(Vocabulary);
        var random = new RandomStream(1, 0);
        var biases = Biases(logits);
        var bits = Bits([.. Enumerable.Range(100, 700)]);
        int[] seen = [.. Enumerable.Range(0, 300)];
        SamplingOptions[] options =
        [
            new() { Temperature = 0.8f, TopK = 40, TopP = 0.9f, MinP = 0.05f, RepetitionPenalty = 1.2f, MaxTokens = 1 },
            new() { Temperature = 0.8f, MinP = 0.05f, MaxTokens = 1 },
            new() { RepetitionPenalty = 1.2f, MaxTokens = 1 },
        ];
        Draw();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Draw();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Draw()
        {
            foreach (var one in options)
            {
                sampler.Draw(logits, one, ref random, new LogitChanges { Bias = biases, Seen = seen, Allowed = bits });
            }
        }
    }

    [Fact]
    public void Seen_tokens_count_once_and_a_copy_grows_by_itself()
    {
        var prompt = new SeenTokens([5, 3, 5, 63, 64, 3], 65);
        var copy = new SeenTokens(prompt, 1);
        copy.Add(64);
        copy.Add(1);

        Assert.Equal([5, 3, 63, 64], prompt.Tokens.ToArray());
        Assert.Equal([5, 3, 63, 64, 1], copy.Tokens.ToArray());
    }

    private static float[] Logits(int seed)
    {
        var source = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)((source.NextDouble() * 12) - 6 + (source.NextDouble() < 0.01 ? 5 : 0)))];
    }

    private static KeyValuePair<int, float>[] Biases(float[] logits) =>
    [
        KeyValuePair.Create(Array.IndexOf(logits, logits.Max()), LogitChanges.Ban),
        KeyValuePair.Create(3, 9.5f),
        KeyValuePair.Create(1400, 8f),
        KeyValuePair.Create(1401, 100f - logits[1401] - 91),
        KeyValuePair.Create(9, -99.5f),
    ];

    private static ulong[] Bits(HashSet<int>? allowed)
    {
        var bits = new ulong[allowed is null ? 0 : (Vocabulary + 63) / 64];
        foreach (var token in allowed ?? [])
        {
            bits[token / 64] |= 1UL << (token % 64);
        }

        return bits;
    }

    private static double[] Change(
        float[] logits, SamplingOptions options, KeyValuePair<int, float>[] biases, int[] seen, HashSet<int>? allowed)
    {
        var bias = biases.ToDictionary();
        return
        [
            .. logits.Index().Select(pair =>
            {
                var (token, logit) = (pair.Index, (double)pair.Item + bias.GetValueOrDefault(pair.Index));
                logit = !seen.Contains(token) ? logit : logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
                var banned = bias.GetValueOrDefault(token) == -100 || allowed?.Contains(token) == false;
                return banned ? double.NegativeInfinity : logit;
            }),
        ];
    }

    private static Dictionary<int, double> Define(
        float[] logits, SamplingOptions options, KeyValuePair<int, float>[] biases, int[] seen, HashSet<int>? allowed)
    {
        var sorted = Change(logits, options, biases, seen, allowed)
            .Select((logit, token) => (Token: token, Weight: Math.Exp(logit / options.Temperature)))
            .Where(pair => pair.Weight > 0)
            .OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.Token)
            .ToList();
        sorted = options.TopK > 0 ? [.. sorted.Take(options.TopK)] : sorted;
        var wanted = options.TopP * sorted.Sum(pair => pair.Weight);
        var mass = 0.0;
        var kept = new List<(int Token, double Weight)>();
        foreach (var pair in sorted.TakeWhile(_ => options.TopP == 1 || mass < wanted))
        {
            mass += pair.Weight;
            kept.Add(pair);
        }

        kept = [.. kept.Where(pair => pair.Weight >= options.MinP * kept[0].Weight)];
        return kept.ToDictionary(pair => pair.Token, pair => pair.Weight / kept.Sum(other => other.Weight));
    }
}
