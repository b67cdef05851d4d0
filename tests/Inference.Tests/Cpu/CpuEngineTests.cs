using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>The engine in our own code with the embedded model.</summary>
public sealed class CpuEngineTests(EmbeddedModelFixture models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // An answer that was decoded serves a later prompt as well as one that was prefilled.
    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public async Task The_same_request_gives_the_same_bits_alone_in_a_batch_and_from_the_cache(Precision precision)
    {
        await using var engine = Load(precision, cacheBytes: 64 << 20, threads: 2);
        GenerationRequest[] requests =
        [
            Ask("Write a function that adds two numbers.", 1, new SamplingOptions { MaxTokens = 6 }),
            Ask("Name three colours.", 3, new SamplingOptions { MaxTokens = 4, Temperature = 0.8f, TopK = 30, TopP = 0.9f, Seed = 1 }),
        ];
        var alone = new List<Answers>();
        foreach (var request in requests)
        {
            alone.Add(await Answers.Of(engine, request, Cancellation));
        }

        var together = await Task.WhenAll(requests.Select(request => Answers.Of(engine, request, Cancellation)));
        Assert.All(together, answers => Assert.Equal(answers.Usage.PromptTokens - 1, answers.Accepted.CachedTokens));
        Assert.Equal(alone.Select(answers => answers.Exact), together.Select(answers => answers.Exact));

        int[] prompt = [.. requests[0].Prompt.Span, .. alone[0].Finished[0].Tokens, .. models.Model.Tokenizer.Encode("\n### Step 2:", parseSpecial: false)];
        var child = requests[1] with { Prompt = prompt };
        var cached = await Answers.Of(engine, child, Cancellation);
        await using var fresh = Load(precision, cacheBytes: 0, threads: 1);
        var uncached = await Answers.Of(fresh, child, Cancellation);

        // The last token of an answer was drawn and not computed.
        Assert.Equal(requests[0].Prompt.Length + 5, cached.Accepted.CachedTokens);
        Assert.Equal(0, uncached.Accepted.CachedTokens);
        Assert.Equal(uncached.Exact, cached.Exact);
    }

    [Fact]
    public async Task The_engine_says_what_it_is_and_is_chosen_by_the_options()
    {
        await using var engine = InferenceEngines.Load(
            models.Model, new EngineOptions { Backend = EngineBackend.Cpu, MaxSequences = 2, ContextLength = 128, Threads = 2 });

        Assert.StartsWith("cpu/", engine.Description.Backend, StringComparison.Ordinal);
        Assert.Contains("q4_0", engine.Description.Precision, StringComparison.Ordinal);
        Assert.EndsWith("int8 activations", engine.Description.Precision, StringComparison.Ordinal);
        Assert.Equal((2, 128, 2), (engine.Description.MaxSequences, engine.Description.ContextLength, engine.Description.Threads));
        Assert.Equal("ContextLength", Assert.Throws<ArgumentException>(
            () => CpuEngine.Load(models.Model, new EngineOptions { ContextLength = 40_000 })).ParamName);
        Assert.Equal("Backend", Assert.Throws<ArgumentException>(
            () => InferenceEngines.Load(models.Model, new EngineOptions { Backend = (EngineBackend)7 })).ParamName);
    }

    private IInferenceEngine Load(Precision precision, long cacheBytes, int threads) => CpuEngine.Load(models.Model, new EngineOptions
    {
        Precision = precision,
        MaxSequences = 4,
        ContextLength = 512,
        PrefixCacheBytes = cacheBytes,
        Threads = threads,
    });

    private GenerationRequest Ask(string question, int sequences, SamplingOptions sampling) => new()
    {
        Prompt = models.Model.ChatTemplate.Render([new ChatMessage(ChatRole.User, question)], true),
        Sequences = sequences,
        Sampling = sampling,
    };
}
