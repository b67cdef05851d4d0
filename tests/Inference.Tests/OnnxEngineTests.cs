using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>The engine on ONNX Runtime with the embedded model: the same bits whatever else runs and is cached.</summary>
public sealed class OnnxEngineTests(EmbeddedModelFixture models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public async Task The_same_request_gives_the_same_bits_alone_in_a_batch_and_from_the_cache(Precision precision)
    {
        var engine = models.Engine(precision);
        GenerationRequest[] requests =
        [
            Ask("Write a function that adds two numbers.", 1, new SamplingOptions { MaxTokens = 6 }),
            Ask("Say something about the sea.", 2, new SamplingOptions { MaxTokens = 5, Temperature = 1.2f, Seed = 4 }),
            Ask("Name three colours.", 3, new SamplingOptions { MaxTokens = 4, Temperature = 0.8f, TopK = 30, TopP = 0.9f, Seed = 1 }),
        ];

        var alone = new List<Answers>();
        foreach (var request in requests)
        {
            alone.Add(await Answers.Of(engine, request, Cancellation));
        }

        var together = await Task.WhenAll(requests.Select(request => Answers.Of(engine, request, Cancellation)));

        Assert.All(together, answers => Assert.Equal(answers.Usage.PromptTokens - 2, answers.Accepted.CachedTokens));
        Assert.Equal(alone.Select(answers => answers.Exact), together.Select(answers => answers.Exact));
    }

    [Fact]
    public async Task A_childs_prompt_gives_the_same_bits_with_its_parents_cache_and_without()
    {
        // Longer than a chunk, so that the cut is met.
        var engine = models.Engine(Precision.Fast);
        var parent = Ask(string.Concat(Enumerable.Repeat("Read n, then n numbers, and print them sorted. ", 13)), 1, new SamplingOptions { MaxTokens = 9 });
        var answer = (await Answers.Of(engine, parent, Cancellation)).Finished[0].Tokens;
        int[] prompt = [.. parent.Prompt.Span, .. answer, .. models.Model.Tokenizer.Encode("\n### Step 2:", parseSpecial: false)];
        var child = parent with { Prompt = prompt, Sequences = 2, Sampling = new SamplingOptions { MaxTokens = 8, Temperature = 1, Seed = 9 } };

        var cached = await Answers.Of(engine, child, Cancellation);
        await using var fresh = OnnxEngine.Load(
            models.Model, new EngineOptions { MaxSequences = 2, ContextLength = 1024, PrefixCacheBytes = 0, Threads = 1 });
        var uncached = await Answers.Of(fresh, child, Cancellation);

        Assert.InRange(cached.Accepted.CachedTokens, parent.Prompt.Length, prompt.Length - 1);
        Assert.Equal(0, uncached.Accepted.CachedTokens);
        Assert.Equal(uncached.Exact, cached.Exact);
    }

    [Fact]
    public async Task Scores_do_not_depend_on_how_much_is_cached()
    {
        var engine = models.Engine(Precision.Exact);
        var tokens = models.Model.Tokenizer.Encode("def square(x):\n    return x * x\n\nprint(square(4))  # 16\n", parseSpecial: false);
        var cold = await engine.ScoreAsync(tokens.AsMemory(0, 5), tokens.AsMemory(5), null, default, Cancellation);
        var warm = await engine.ScoreAsync(tokens.AsMemory(0, 5), tokens.AsMemory(5), null, default, Cancellation);
        var split = await engine.ScoreAsync(tokens.AsMemory(0, 9), tokens.AsMemory(9), null, default, Cancellation);

        Assert.Equal(cold, warm);
        Assert.Equal(cold[4..], split);
        Assert.All(cold, value => Assert.InRange(value, -40, 0));
    }

    [Fact]
    public async Task A_prompt_of_one_token_works()
    {
        var request = Ask("", 1, new SamplingOptions { MaxTokens = 3 }) with { Prompt = new[] { 750 } };
        var first = await Answers.Of(models.Engine(Precision.Fast), request, Cancellation);
        var second = await Answers.Of(models.Engine(Precision.Fast), request, Cancellation);

        Assert.Equal(3, first.Usage.GeneratedTokens);
        Assert.Equal(first.Exact, second.Exact);
    }

    [Fact]
    public void The_engine_says_what_it_is()
    {
        var description = models.Engine(Precision.Exact).Description;

        Assert.Equal("onnx/cpu", description.Backend);
        Assert.Equal("q4_0, float32 activations", description.Precision);
        Assert.Equal((4, 768), (description.MaxSequences, description.ContextLength));
        Assert.Equal("ContextLength", Assert.Throws<ArgumentException>(
            () => OnnxEngine.Load(models.Model, new EngineOptions { ContextLength = 40_000 })).ParamName);
    }

    private GenerationRequest Ask(string question, int sequences, SamplingOptions sampling) => new()
    {
        Prompt = models.Model.ChatTemplate.Render([new ChatMessage(ChatRole.User, question)], true),
        Sequences = sequences,
        Sampling = sampling,
    };
}
