namespace O1Coder.Inference.Tests;

public sealed class ValidationTests
{
    private static readonly SamplingOptions s_sampling = new() { MaxTokens = 5 };

    public static TheoryData<string, string, GenerationRequest> Bad => new()
    {
        { "Prompt", "at least 1", Request() with { Prompt = ReadOnlyMemory<int>.Empty } },
        { "Prompt", "20: expected 0 to 19", Request() with { Prompt = new[] { 1, 20 } } },
        { "Prompt", "-1: expected 0 to 19", Request() with { Prompt = new[] { -1 } } },
        { "Prompt", "256 tokens", Request() with { Prompt = new int[256] } },
        { "Sequences", "0: expected 1 to 64", Request() with { Sequences = 0 } },
        { "Sequences", "65: expected 1 to 64", Request() with { Sequences = 65 } },
        { "Sampling", "null", Request() with { Sampling = null! } },
        { "Temperature", "NaN: expected 0 to 5", Request(s_sampling with { Temperature = float.NaN }) },
        { "Temperature", "-1: expected 0 to 5", Request(s_sampling with { Temperature = -1 }) },
        { "Temperature", "5.1: expected 0 to 5", Request(s_sampling with { Temperature = 5.1f }) },
        { "TopK", "-1", Request(s_sampling with { TopK = -1 }) },
        { "TopP", "0: expected above 0 and at most 1", Request(s_sampling with { TopP = 0 }) },
        { "TopP", "1.5", Request(s_sampling with { TopP = 1.5f }) },
        { "TopP", "NaN", Request(s_sampling with { TopP = float.NaN }) },
        { "MinP", "1.1: expected 0 to 1", Request(s_sampling with { MinP = 1.1f }) },
        { "MinP", "NaN", Request(s_sampling with { MinP = float.NaN }) },
        { "RepetitionPenalty", "0: expected 0.1 to 10", Request(s_sampling with { RepetitionPenalty = 0 }) },
        { "RepetitionPenalty", "NaN", Request(s_sampling with { RepetitionPenalty = float.NaN }) },
        { "TopLogProbabilities", "21: expected 0 to 20", Request(s_sampling with { TopLogProbabilities = 21 }) },
        { "LogitBias", "token 20: expected 0 to 19", Request(s_sampling with { LogitBias = new Dictionary<int, float> { [20] = 1 } }) },
        { "LogitBias", "LogitBias[3] is -101: expected -100 to 100", Request(s_sampling with { LogitBias = new Dictionary<int, float> { [3] = -101 } }) },
        { "LogitBias", "NaN", Request(s_sampling with { LogitBias = new Dictionary<int, float> { [3] = float.NaN } }) },
        { "LogitBias", "1025 tokens: expected at most 1024", Request(s_sampling with { LogitBias = Enumerable.Range(0, 1025).ToDictionary(i => i, _ => 1f) }) },
        { "LogitBias", "no list", Request(s_sampling with { LogitBias = null! }) },
        { "ForcedPrefix", "[1] is 20: expected 0 to 19", Request() with { ForcedPrefix = new[] { 1, 20 } } },
        { "ForcedPrefix", "5 tokens: expected fewer than the 5 that may be generated", Request() with { ForcedPrefix = new int[5] } },
        { "ForcedPrefix", "3 tokens: expected fewer than the 3", Request() with { Prompt = new int[253], ForcedPrefix = new int[3] } },
        { "ForcedPrefix", "[1] is 19: expected no token that ends a turn", Request() with { ForcedPrefix = new[] { 1, 19 } } },
        { "MaxTokens", "0: expected 1", Request(s_sampling with { MaxTokens = 0 }) },
        { "Stop", "17 strings: expected at most 16", Request(s_sampling with { Stop = [.. Enumerable.Repeat("x", 17)] }) },
        { "Stop", "Stop[1] is empty", Request(s_sampling with { Stop = ["x", ""] }) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_request_names_field_value_and_range(string field, string part, GenerationRequest request)
    {
        await using var engine = Engine();
        var events = engine.GenerateAsync(request, TestContext.Current.CancellationToken);
        await using var enumerator = events.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await enumerator.MoveNextAsync());

        Assert.Equal(field, error.ParamName);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt", 0, 1, 0)]
    [InlineData("continuation", 1, 0, 0)]
    [InlineData("continuation", 200, 57, 0)]
    [InlineData("prompt", 3, 1, 20)]
    public async Task A_bad_request_to_score_names_field(string field, int prompt, int continuation, int token)
    {
        await using var engine = Engine();
        int[] before = [.. Enumerable.Repeat(token, prompt)];
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => engine.ScoreAsync(before, new int[continuation], null, default, TestContext.Current.CancellationToken));
        Assert.Equal(field, error.ParamName);
    }

    [Theory]
    [InlineData("tokens", "0 to 19", new[] { 20 }, new[] { 0 }, new[] { 1 })]
    [InlineData("tokens", "at least 1", new int[0], new[] { 0 }, new[] { 1 })]
    [InlineData("positions", "at least 1", new[] { 1, 2 }, new int[0], new[] { 1 })]
    [InlineData("positions", "positions[0] is 2: expected 0 to 1", new[] { 1, 2 }, new[] { 2 }, new[] { 1 })]
    [InlineData("positions", "positions[1] is 0: expected 1 to 1", new[] { 1, 2 }, new[] { 0, 0 }, new[] { 1 })]
    [InlineData("labels", "at least 1", new[] { 1, 2 }, new[] { 0 }, new int[0])]
    [InlineData("labels", "labels[0] is -1", new[] { 1, 2 }, new[] { 0 }, new[] { -1 })]
    public async Task A_bad_request_to_score_labels_names_field(string field, string part, int[] tokens, int[] positions, int[] labels)
    {
        await using var engine = Engine();
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => engine.ScoreLabelsAsync(tokens, positions, labels, null, default, TestContext.Current.CancellationToken));
        Assert.Equal(field, error.ParamName);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_context_can_be_scored()
    {
        await using var engine = Engine();
        Assert.Equal(56, (await engine.ScoreAsync(new int[200], new int[56], null, default, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Refused("Threads", new EngineOptions { Threads = 0 });
        Refused("MaxSequences", new EngineOptions { MaxSequences = 65 });
        Refused("ContextLength", new EngineOptions { ContextLength = 4097 });
        Refused("ContextLength", new EngineOptions { ContextLength = 1 });
        Refused("PrefixCacheBytes", new EngineOptions { PrefixCacheBytes = -1 });
        Refused("QueueLength", new EngineOptions { QueueLength = 0 });
        Refused("MaxAdapters", new EngineOptions { MaxAdapters = 257 });
        Refused("MaxAdapterBytes", new EngineOptions { MaxAdapterBytes = -1 });
        Refused("Precision", new EngineOptions { Precision = (Precision)7 });
        new EngineOptions().Check(4096);

        static void Refused(string field, EngineOptions options) =>
            Assert.Equal(field, Assert.Throws<ArgumentException>(() => options.Check(4096)).ParamName);
    }

    private static GenerationRequest Request(SamplingOptions? sampling = null) =>
        new() { Prompt = new[] { 1, 2, 3 }, Sampling = sampling ?? s_sampling };

    private static InferenceEngine Engine() =>
        new(new ScriptedBackend(), new ScriptedTokenizer(), [ScriptedTokenizer.EndOfTurn], new EngineOptions(), TimeSpan.Zero);
}
