namespace O1Coder.Inference.Tests;

/// <summary>In steady state the engine's loop allocates nothing on the managed heap, however it draws and whoever reads.</summary>
public sealed class LoopAllocationTests
{
    private const int Tokens = 3000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, int> Cases => new()
    {
        { "greedy", false, 1 },
        { "sampled", false, 1 },
        { "penalised, with stop strings", false, 1 },
        { "sampled", false, Tokens },
        { "greedy", true, 1 },
        { "sampled", true, 1 },
        { "likeliest", false, 1 },
        { "likeliest", false, Tokens },
        { "constrained", false, 1 },
        { "biased", false, 1 },
        { "adapted", false, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_engines_thread_allocates_nothing_for_a_token(string how, bool lookup, int gather)
    {
        var backend = new ScriptedBackend { Forgetful = true, MaxSequences = 4, ContextLength = Tokens + 100 };
        await using var engine = new InferenceEngine(
            backend, new ScriptedTokenizer(), [], new EngineOptions { PrefixCacheBytes = 1 << 20 }, TimeSpan.Zero);
        var sampling = new SamplingOptions { MaxTokens = Tokens };
        var request = new GenerationRequest
        {
            Prompt = Enumerable.Range(0, 60).Select(i => i % 6).ToArray(),
            Sequences = how == "adapted" ? 2 : 4,
            PromptLookup = lookup,
            Gather = gather,
            Sampling = how switch
            {
                "greedy" => sampling,
                "sampled" or "adapted" => sampling with { Temperature = 0.3f, TopK = 6, TopP = 0.9f },
                "likeliest" => sampling with { Temperature = 1, TopLogProbabilities = 5, SamplingLogProbabilities = true },
                "constrained" => sampling with { Temperature = 1, Constraint = Constraint.FromRegex("((ab|c)[d-r]{1,3}|[e-h]+a?)*") },
                "biased" => sampling with { Temperature = 1, LogitBias = new Dictionary<int, float> { [3] = 1, [5] = -100 } },
                _ => sampling with { Temperature = 1, RepetitionPenalty = 1.2f, Stop = ["never said", "zzz"], LogitBias = new Dictionary<int, float> { [3] = 1 } },
            },
        };
        var adapters = how == "adapted" ? await Task.WhenAll(Adapt(engine, 1), Adapt(engine, 2)) : [null];
        var all = await Task.WhenAll(adapters.Select(adapter => Answers.Of(engine, request with { Adapter = adapter }, Cancellation)));

        Assert.Equal(4 * Tokens, all.Sum(answers => answers.Usage.GeneratedTokens));
        var before = backend.AllocatedBefore;
        var (first, last) = (before.Count / 3, before.Count - 60);
        Assert.True(last - first > 100, $"{before.Count} steps");
        TestContext.Current.SendDiagnosticMessage($"{how}: {before[last] - before[first]} bytes in {last - first} steps, {all.Sum(answers => answers.Chunks.Count)} chunks");

        // What a reader leaves behind makes the lists grow, by doubling: a few times in all, never for each token.
        var grown = Enumerable.Range(first, last - first).Count(i => before[i + 1] > before[i]);
        Assert.InRange(grown, 0, 12);
    }

    private static async Task<string?> Adapt(InferenceEngine engine, int seed) =>
        (await engine.AddAdapterAsync(TinyQwen2.Adapter(TinyQwen2.Description, rank: 2, seed), null, Cancellation)).Version;
}
