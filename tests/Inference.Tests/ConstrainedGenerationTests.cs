using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace O1Coder.Inference.Tests;

/// <summary>Constraints, with everything else that changes draws, over a scripted back end whose tokens are bytes and pieces.</summary>
public sealed class ConstrainedGenerationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("true|false|null|12")]
    [InlineData("(ab|abc){2,4}[é漢字]?")]
    [InlineData(@"\d{3}-\d{2}")]
    [InlineData("a漢字é?")]
    [InlineData("[à-鿿]{1,3}")]
    [InlineData("\\{\"[a-f]{1,5}\": (true|false|[1-9][0-9]{0,3})(, \"[a-f]\": null)?\\}")]
    public async Task Every_answer_matches_the_regular_expression(string pattern)
    {
        await using var engine = Engine();
        foreach (var temperature in new[] { 0f, 1f, 5f })
        {
            var answers = await Answers.Of(engine, Request(Constraint.FromRegex(pattern), temperature, 40), Cancellation);
            foreach (var end in answers.Finished)
            {
                Assert.Equal(FinishReason.EndOfTurn, end.Reason);
                Assert.Matches(new Regex($@"\A(?:{pattern})\z"), end.Text);
                Assert.Equal(end.Text, Encoding.UTF8.GetString(ByteTokenizer.Bytes([.. end.Tokens])));
            }
        }
    }

    [Fact]
    public async Task Every_answer_that_ends_is_JSON()
    {
        await using var engine = Engine();
        var request = Request(Constraint.FromGrammar(GrammarConstraintTests.Json), 1.5f, 120) with { Sequences = 32 };
        var bias = new Dictionary<int, float> { [ByteTokenizer.EndOfTurn] = 4 };
        foreach (var (characters, value) in new[] { ("\"", 5f), ("}]", 4f), ("{[", 3f), ("0123456789", 2f), ("eé", 2f) })
        {
            foreach (var character in characters.Where(char.IsAscii))
            {
                bias[ByteTokenizer.Of(character)] = value;
            }
        }

        var answers = await Answers.Of(engine, request with { Sampling = request.Sampling with { LogitBias = bias } }, Cancellation);

        var ended = answers.Finished.Where(end => end.Reason == FinishReason.EndOfTurn).ToArray();
        Assert.InRange(ended.Length, 16, 32);
        Assert.All(ended, end => JsonDocument.Parse(end.Text).Dispose());
        Assert.Contains(ended, end => end.Text[0] is '{' or '[' && end.Text.Length > 8);
        Assert.True(ended.Select(end => end.Text).Distinct().Count() > 8);
    }

    [Fact]
    public async Task The_turn_ends_only_where_the_answer_matches()
    {
        // Whatever the model would like: the end of turn is the likeliest token everywhere.
        await using var engine = Engine();
        var request = Request(Constraint.FromRegex("[ab]{3,9}"), 1, 40);
        var bias = new Dictionary<int, float> { [ByteTokenizer.EndOfTurn] = 100 };
        var answers = await Answers.Of(engine, request with { Sampling = request.Sampling with { LogitBias = bias } }, Cancellation);

        Assert.All(answers.Finished, end => Assert.Equal((FinishReason.EndOfTurn, true), (end.Reason, Regex.IsMatch(end.Text, @"\A[ab]{3,4}\z"))));
    }

    [Fact]
    public async Task Log_probabilities_are_of_the_distribution_that_was_drawn_from_and_of_the_model()
    {
        await using var engine = Engine();
        var request = Request(Constraint.FromRegex("[abc]{20}"), 0.7f, 40) with { Sequences = 1 };
        var sampling = request.Sampling with
        {
            RepetitionPenalty = 1.3f,
            TopLogProbabilities = 3,
            LogitBias = new Dictionary<int, float> { ['a'] = 0.5f, ['b'] = -100 },
        };
        var answers = await Answers.Of(engine, request with { Sampling = sampling }, Cancellation);

        var path = request.Prompt.ToArray().ToList();
        foreach (var (chunk, i) in answers.Chunks.SelectMany(chunk => chunk.Tokens.Select((_, i) => (chunk, i))))
        {
            var logits = ScriptedBackend.LogitsAfter(path, vocabulary: ByteTokenizer.Vocabulary);
            var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));

            // A ban is of a token, not of a letter: the pieces of several letters have their b.
            var open = Enumerable.Range(0, ByteTokenizer.Vocabulary)
                .Where(token => token != 'b' && Regex.IsMatch(Encoding.UTF8.GetString(ByteTokenizer.Bytes([token])), @"\A[abc]{1,20}\z"))
                .Where(token => ByteTokenizer.Bytes([token]).Length <= Left())
                .ToDictionary(token => token, token => Math.Exp(Changed(token) / 0.7));
            var token = chunk.Tokens[i];
            Assert.Equal(Math.Log(open[token] / open.Values.Sum()), chunk.SamplingLogProbabilities[i], 1e-4);
            Assert.Equal(logits[token] - sum, chunk.ModelLogProbabilities[i], 1e-4);
            Assert.Equal(logits.Index().OrderByDescending(pair => pair.Item).Take(3).Select(pair => pair.Index), chunk.TopLogProbabilities[i].Select(one => one.Token));
            path.Add(token);

            double Changed(int candidate)
            {
                var logit = logits[candidate] + (candidate == 'a' ? 0.5 : 0);
                return !path.Contains(candidate) ? logit : logit > 0 ? logit / 1.3 : logit * 1.3;
            }
        }

        Assert.Equal(20, answers.Finished[0].Text.Length);

        int Left() => 20 - ByteTokenizer.Bytes([.. path.Skip(request.Prompt.Length)]).Length;
    }

    [Fact]
    public async Task Everything_together_gives_the_same_alone_in_a_crowd_and_from_the_cache()
    {
        var requests = Enumerable.Range(0, 12).Select(i => new GenerationRequest
        {
            Prompt = Enumerable.Range(0, 5 + (3 * i)).Select(j => (i + (j * j)) % 250).ToArray(),
            ForcedPrefix = i == 4 ? new int[] { 'a', 'x' } : i == 3 ? new int[] { 270, 7 } : ReadOnlyMemory<int>.Empty,
            Sequences = 3,
            Sampling = new SamplingOptions
            {
                MaxTokens = 25,
                Temperature = 1.1f,
                MinP = i % 2 * 0.05f,
                TopP = i % 4 == 1 ? 0.95f : 1,
                RepetitionPenalty = 1.2f,
                TopLogProbabilities = i % 3,
                LogitBias = new Dictionary<int, float> { [97 + i] = 2, [98] = -100 },
                Constraint = (i % 4) switch
                {
                    0 => Constraint.FromRegex("[a-z]{5,}"),
                    1 => Constraint.FromGrammar(GrammarConstraintTests.Json),
                    2 => Constraint.FromRegex("(a|.é)+x?"),
                    _ => null,
                },
                Seed = 3,
            },
        }).ToArray();
        var alone = new List<IReadOnlyList<string>>();
        foreach (var request in requests)
        {
            await using var fresh = Engine(cacheBytes: 0);
            alone.Add((await Answers.Of(fresh, request, Cancellation)).Exact);
        }

        await using var engine = Engine();
        for (var round = 0; round < 2; round++)
        {
            var crowd = await Task.WhenAll(requests.Select(request => Answers.Of(engine, request, Cancellation)));
            Assert.Equal(alone, crowd.Select(answers => answers.Exact));
        }
    }

    [Fact]
    public async Task A_forced_prefix_belongs_to_what_must_match()
    {
        await using var engine = Engine();
        var request = Request(Constraint.FromRegex("ab(cd|é){2}"), 1, 40) with { ForcedPrefix = new int[] { 256, 0xC3 } };
        var answers = await Answers.Of(engine, request, Cancellation);
        Assert.All(answers.Finished, end => Assert.Matches(@"\Aabé(cd|é)\z", end.Text));

        var whole = await Answers.Of(engine, request with { ForcedPrefix = "abcdcd"u8.ToArray().Select(value => (int)value).ToArray() }, Cancellation);
        Assert.All(whole.Finished, end => Assert.Equal((FinishReason.EndOfTurn, "abcdcd"), (end.Reason, end.Text)));

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => Answers.Of(engine, request with { ForcedPrefix = new int[] { 256, 'x' } }, Cancellation));
        Assert.Equal("ForcedPrefix", error.ParamName);
        Assert.Contains("ForcedPrefix[1] is 120: expected tokens that the constraint allows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_can_be_drawn_a_sequence_ends()
    {
        await using var engine = Engine();
        var request = Request(Constraint.FromRegex("a[xy]"), 1, 40);
        var bias = new Dictionary<int, float> { ['x'] = -100, ['y'] = -100 };
        var answers = await Answers.Of(engine, request with { Sampling = request.Sampling with { LogitBias = bias } }, Cancellation);

        Assert.All(answers.Finished, end => Assert.Equal((FinishReason.NoToken, "a"), (end.Reason, end.Text)));
    }

    [Fact]
    public async Task An_answer_that_can_only_be_empty_is_empty()
    {
        await using var engine = Engine();
        var answers = await Answers.Of(engine, Request(Constraint.FromRegex("()"), 1, 40), Cancellation);

        Assert.All(answers.Finished, end => Assert.Equal((FinishReason.EndOfTurn, "", 0), (end.Reason, end.Text, end.Tokens.Count)));
    }

    [Fact]
    public async Task A_constraint_that_grows_too_large_ends_its_own_request_alone()
    {
        await using var engine = Engine();
        var good = Request(Constraint.FromRegex("[ab]{30}"), 1, 40) with { Sequences = 2 };
        var expected = (await Answers.Of(engine, good, Cancellation)).Exact;
        var bad = Request(Constraint.FromRegex("aaa(b(?:a?){9000}|c)"), 1, 40);

        var beside = Enumerable.Range(0, 4).Select(_ => Answers.Of(engine, good, Cancellation)).ToArray();
        var error = await Assert.ThrowsAsync<ConstraintException>(() => Answers.Of(engine, bad, Cancellation));

        Assert.Contains("fewer states", error.Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(beside), answers => Assert.Equal(expected, answers.Exact));
    }

    private static GenerationRequest Request(Constraint constraint, float temperature, int maxTokens) => new()
    {
        Prompt = new[] { 1, 2, 3 },
        Sequences = 8,
        Sampling = new SamplingOptions { MaxTokens = maxTokens, Temperature = temperature, Constraint = constraint, Seed = 2 },
    };

    private static InferenceEngine Engine(long cacheBytes = 1 << 20) => new(
        new ScriptedBackend { VocabularySize = ByteTokenizer.Vocabulary },
        new ByteTokenizer(),
        [ByteTokenizer.EndOfTurn],
        new EngineOptions { PrefixCacheBytes = cacheBytes, Threads = 4 },
        TimeSpan.Zero);
}
