using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>Adapters on the embedded model: the same bits whatever else runs, is cached or is being loaded.</summary>
public sealed class EmbeddedModelAdapterTests(EmbeddedModelFixture models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public async Task The_same_request_gives_the_same_bits_alone_beside_other_adapters_and_from_the_cache(Precision precision)
    {
        await using var engine = Load(precision, maxSequences: 12);
        var versions = new List<string?> { null };
        foreach (var (rank, size) in new[] { (8, 0.01f), (20, 0.01f), (2, 0f) })
        {
            versions.Add((await engine.AddAdapterAsync(Adapter(rank, size), null, Cancellation)).Version);
        }

        var requests = versions.SelectMany((version, i) => new[]
        {
            Ask("Add two numbers.", 1, new SamplingOptions { MaxTokens = 3 }, version),
            Ask("Name three colours.", 2, new SamplingOptions { MaxTokens = 4, Temperature = 0.8f, TopK = 30, Seed = (ulong)i }, version),
        }).ToArray();

        var alone = new List<Answers>();
        foreach (var request in requests)
        {
            alone.Add(await Answers.Of(engine, request, Cancellation));
        }

        var together = await Task.WhenAll(requests.Select(request => Answers.Of(engine, request, Cancellation)));

        // An adapter's prompt is never found among another's, and is found again among its own.
        Assert.All(alone, answers => Assert.InRange(answers.Accepted.CachedTokens, 0, answers.Usage.PromptTokens - 8));
        Assert.All(together, answers => Assert.Equal(answers.Usage.PromptTokens - 2, answers.Accepted.CachedTokens));
        Assert.Equal(alone.Select(answers => answers.Exact), together.Select(answers => answers.Exact));

        // Twelve rows at once are twelve times one row.
        var twelve = await Answers.Of(engine, requests[4] with { Sequences = 12 }, Cancellation);
        Assert.Equal([alone[4].Exact[0]], twelve.Exact.Distinct());

        // The last adapter's B is 0: it answers as the model does, to the bit; the others do not.
        Assert.Equal(alone[0].Exact, alone[6].Exact);
        Assert.NotEqual(alone[0].Exact, alone[2].Exact);
        Assert.NotEqual(alone[2].Exact, alone[4].Exact);
    }

    [Fact]
    public async Task Scores_agree_with_the_merged_weights()
    {
        await using var engine = Load(Precision.Exact, maxSequences: 1);
        var adapter = Adapter(8, 0.005f);
        var version = (await engine.AddAdapterAsync(adapter, null, Cancellation)).Version;
        var tokens = models.Model.Tokenizer.Encode("def square(x):", parseSpecial: false).ToArray();

        var actual = await engine.ScoreAsync(tokens.AsMemory(0, 1), tokens.AsMemory(1), version, default, Cancellation);
        var plain = await engine.ScoreAsync(tokens.AsMemory(0, 1), tokens.AsMemory(1), null, default, Cancellation);
        using var weights = new GgufWeights(models.Model.Weights, leaveOpen: true);
        var rows = new ReferenceModel(weights, adapter).LogProbabilities(tokens.AsSpan(0, tokens.Length - 1));
        var differences = actual.Select((value, i) => Math.Abs(value - rows[i][tokens[i + 1]])).ToArray();

        TestContext.Current.SendDiagnosticMessage($"mean |Δ| {differences.Average():e1} over {differences.Length} tokens, by the adapter {actual.Zip(plain, (x, y) => Math.Abs(x - y)).Average():e1}");
        Assert.InRange(differences.Average(), 0, 1e-3);
        Assert.InRange(actual.Zip(plain, (x, y) => Math.Abs(x - y)).Average(), 0.01, 10);
    }

    [Fact]
    public async Task Adapters_come_and_go_while_requests_run()
    {
        await using var engine = Load(Precision.Fast, maxSequences: 4);
        var first = (await engine.AddAdapterAsync(Adapter(4, 0.01f), null, Cancellation)).Version;
        var request = Ask("Count to thirty.", 2, new SamplingOptions { MaxTokens = 12, Temperature = 1, Seed = 3 }, first);
        var plain = request with { Adapter = null };
        var (expected, expectedPlain) = (await Answers.Of(engine, request, Cancellation), await Answers.Of(engine, plain, Cancellation));

        // The second adapter changes other products, so that a graph is made for it while the first one's requests run.
        var running = new[] { Answers.Of(engine, request, Cancellation), Answers.Of(engine, plain, Cancellation) };
        var second = TinyQwen2.Adapter(models.Model.Description, 4, seed: 9, size: 0.01f, has: key => key.Projection == Projection.Value);
        await engine.AddAdapterAsync(second, replacing: first, Cancellation);
        Assert.True(engine.RemoveAdapter(first));
        await Assert.ThrowsAsync<AdapterNotLoadedException>(() => Answers.Of(engine, request, Cancellation));
        var other = await Answers.Of(engine, request with { Adapter = second.Version }, Cancellation);

        var answers = await Task.WhenAll(running);
        Assert.Equal(expected.Exact, answers[0].Exact);
        Assert.Equal(expectedPlain.Exact, answers[1].Exact);
        Assert.NotEqual(expected.Exact, other.Exact);
    }

    private IInferenceEngine Load(Precision precision, int maxSequences) => OnnxEngine.Load(models.Model, new EngineOptions
    {
        Precision = precision,
        MaxSequences = maxSequences,
        ContextLength = 256,
        PrefixCacheBytes = 64 << 20,
        Threads = 2,
    });

    private LoraAdapter Adapter(int rank, float size) => TinyQwen2.Adapter(models.Model.Description, rank, seed: rank, size);

    private GenerationRequest Ask(string question, int sequences, SamplingOptions sampling, string? adapter) => new()
    {
        Prompt = models.Model.ChatTemplate.Render([new ChatMessage(ChatRole.User, question)], true),
        Sequences = sequences,
        Sampling = sampling,
        Adapter = adapter,
    };
}
