namespace O1Coder.Inference.Tests;

public sealed class SamplingLogProbabilityTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_of_the_distributions_that_were_drawn_from_are_told_on_request_alone(bool asked)
    {
        await using var engine = new InferenceEngine(
            new ScriptedBackend(), new ScriptedTokenizer(), [], new EngineOptions(), TimeSpan.Zero);
        var request = new GenerationRequest
        {
            Prompt = new[] { 1, 2, 3 },
            ForcedPrefix = new[] { 7, 8 },
            Sequences = 2,
            Sampling = new SamplingOptions { MaxTokens = 9, Temperature = 1, TopK = 2, Seed = 4, SamplingLogProbabilities = asked },
        };
        var chunks = new List<SequenceChunk>();
        await foreach (var happened in engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            chunks.AddRange(happened is SequenceChunk chunk ? [chunk] : []);
        }

        Assert.Equal(18, chunks.Sum(chunk => chunk.Tokens.Count));
        Assert.All(chunks, chunk => Assert.Equal(chunk.Tokens.Count, chunk.ModelLogProbabilities.Count));
        Assert.All(chunks, chunk => Assert.Equal(asked ? chunk.Tokens.Count : 0, chunk.SamplingLogProbabilities.Count));

        // Two tokens are left by top-k: each is likelier than under the model.
        Assert.All(
            chunks.SelectMany(chunk => chunk.SamplingLogProbabilities.Zip(chunk.ModelLogProbabilities)),
            pair => Assert.InRange(pair.First, pair.Second, 0));
    }
}
