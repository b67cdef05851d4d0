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
            Sequences = 4,
            PromptLookup = lookup,
            Gather = gather,
            Sampling = how switch
            {
                "greedy" => sampling,
                "sampled" => sampling with { Temperature = 0.3f, TopK = 6, TopP = 0.9f },
                _ => sampling with { Temperature = 1, RepetitionPenalty = 1.2f, Stop = ["never said", "zzz"], LogitBias = new Dictionary<int, float> { [3] = 1 } },
            },
        };
        var answers = await Answers.Of(engine, request, Cancellation);

        Assert.Equal(4 * Tokens, answers.Usage.GeneratedTokens);
        var before = backend.AllocatedBefore;
        var (first, last) = (before.Count / 3, before.Count - 20);
        Assert.True(last - first > 100, $"{before.Count} steps");
        TestContext.Current.SendDiagnosticMessage($"{how}: {before[last] - before[first]} bytes in {last - first} steps, {answers.Chunks.Count} chunks");

        // What a reader leaves behind makes the lists grow, by doubling: a few times in all, never for each token.
        var grown = Enumerable.Range(first, last - first).Count(i => before[i + 1] > before[i]);
        Assert.InRange(grown, 0, 12);
    }
}
