using Grpc.Core;

namespace O1Coder.Policy.Tests;

/// <summary>The whole service with the embedded model, as a caller sees it.</summary>
public sealed class RealModelTests(RealModelTests.Service service) : IClassFixture<RealModelTests.Service>
{
    private const string Question = "Write a Python function add(a, b) that returns the sum. Answer with the code only.";

    [Fact]
    public async Task A_chat_is_answered_with_code_and_its_tokens_are_found_in_the_cache_again()
    {
        var first = await Generate(Greedy(48, Requests.Chat((V1.ChatRole.User, Question))));
        Assert.Contains("def add(a, b):", first.Finished.Text, StringComparison.Ordinal);
        Assert.Contains("return a + b", first.Finished.Text, StringComparison.Ordinal);

        var next = await Generate(Greedy(4,
            new V1.PromptPart { Tokens = first.Accepted.Prompt },
            new V1.PromptPart { Tokens = first.Finished.Tokens },
            Requests.Text("\n# Test:\n")));

        // A block at the end may be missing from the cache, but the most of prompt and answer is there.
        var known = first.Accepted.Prompt.Ids.Count + first.Finished.Tokens.Ids.Count;
        Assert.InRange(next.Accepted.CachedTokens, known / 2, known);
        Assert.Equal(next.Accepted.CachedTokens, next.Usage.CachedTokens);
    }

    [Fact]
    public async Task The_chunks_make_the_answer_and_their_log_probabilities_are_the_scores()
    {
        var request = Greedy(12, Requests.Text("def fibonacci(n):\n"));
        request.Sampling.Temperature = 0.7f;
        request.Sampling.Seed = 3;

        var answer = await Generate(request);
        var score = await service.Client.ScoreAsync(new V1.ScoreRequest
        {
            Prompt = request.Prompt,
            Continuation = new V1.Prompt { Parts = { new V1.PromptPart { Tokens = answer.Finished.Tokens } } },
        }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(answer.Finished.Text, string.Concat(answer.Chunks.Select(chunk => chunk.Text)));
        Assert.Equal(answer.Finished.Tokens.Ids, answer.Chunks.SelectMany(chunk => chunk.TokenIds).Take(answer.Finished.Tokens.Ids.Count));
        Assert.Equal(answer.Finished.Tokens.Ids, score.Continuation.Ids);
        Assert.All(score.LogProbabilities.Zip(answer.Chunks.SelectMany(chunk => chunk.ModelLogProbabilities)),
            pair => Assert.Equal(pair.First, pair.Second, 0.15f));
    }

    private static V1.GenerateRequest Greedy(int tokens, params V1.PromptPart[] parts) => new()
    {
        Prompt = new V1.Prompt { Parts = { parts } },
        Sampling = new V1.SamplingParameters { MaxTokens = tokens },
    };

    private async Task<Answer> Generate(V1.GenerateRequest request)
    {
        var answer = new Answer();
        using var call = service.Client.Generate(request, deadline: DateTime.UtcNow.AddMinutes(2),
            cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            answer.Responses.Add(response);
        }

        return answer;
    }

    private sealed class Answer
    {
        public List<V1.GenerateResponse> Responses { get; } = [];

        public V1.PromptAccepted Accepted => Responses[0].Accepted;

        public V1.SequenceFinished Finished => Responses[^2].Finished;

        public V1.GenerateUsage Usage => Responses[^1].Usage;

        public IEnumerable<V1.SequenceChunk> Chunks => Responses.Select(response => response.Chunk).OfType<V1.SequenceChunk>();
    }

    /// <summary>One engine for all tests here.</summary>
    public sealed class Service : IAsyncLifetime
    {
        private PolicyHost? _host;

        public V1.PolicyService.PolicyServiceClient Client => _host!.Client;

        public async ValueTask InitializeAsync() => _host = await PolicyHost.StartEmbeddedAsync();

        public async ValueTask DisposeAsync() => await _host!.DisposeAsync();
    }
}
