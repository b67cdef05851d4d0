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

    [Fact]
    public async Task An_adapter_swapped_while_requests_run_leaves_each_its_own_version()
    {
        using var first = new AdapterFolder(1);
        using var second = new AdapterFolder(2);
        await Load(first);
        var request = Greedy(16, Requests.Text("def fibonacci(n):\n"));
        var plain = await Generate(request);
        request.Adapter = "policy";
        var before = await Generate(request);

        using var call = service.Client.Generate(request, cancellationToken: TestContext.Current.CancellationToken);
        var running = new Answer();
        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        running.Responses.Add(call.ResponseStream.Current);
        var loaded = await Load(second);
        var after = await Generate(request);
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            running.Responses.Add(response);
        }

        Assert.Equal(first.Version, loaded.ReplacedVersion);
        Assert.Equal(first.Version, running.Accepted.Model.AdapterVersion);
        Assert.Equal(second.Version, after.Accepted.Model.AdapterVersion);
        Assert.Equal(Exact(before), Exact(running));
        Assert.NotEqual(Exact(before), Exact(after));
        Assert.NotEqual(Exact(before), Exact(plain));
        await service.Client.UnloadAdapterAsync(new V1.UnloadAdapterRequest { Name = "policy" }, cancellationToken: TestContext.Current.CancellationToken);
        request.Adapter = "";
        Assert.Equal(Exact(plain), Exact(await Generate(request)));

        async Task<V1.LoadAdapterResponse> Load(AdapterFolder folder) => await service.Client.LoadAdapterAsync(
            new V1.LoadAdapterRequest { Name = "policy", Folder = folder.Path }, cancellationToken: TestContext.Current.CancellationToken);

        static IEnumerable<(int, float)> Exact(Answer answer) =>
            answer.Chunks.SelectMany(chunk => chunk.TokenIds.Zip(chunk.ModelLogProbabilities));
    }

    [Fact]
    public async Task Labels_have_the_scores_that_they_have_as_continuations()
    {
        var prompt = new V1.Prompt { Parts = { Requests.Text("Rate each step.\nStep 1: read n.") } };
        var text = Requests.Text("\nStep 2: print n + 1.");
        var separator = Requests.Text(" Rating");
        var labels = await service.Client.ScoreLabelsAsync(new V1.ScoreLabelsRequest
        {
            Prompt = prompt,
            Segments =
            {
                new V1.LabelSegment { Text = new V1.Prompt { Parts = { text } }, Separator = new V1.Prompt { Parts = { separator } } },
                new V1.LabelSegment { Text = new V1.Prompt { Parts = { text } } },
            },
            Labels = { " +", " -" },
        }, cancellationToken: TestContext.Current.CancellationToken);

        foreach (var (segment, before) in labels.Segments.Zip(new[] { new[] { text }, [text, separator, text] }))
        {
            foreach (var (label, expected) in new[] { " +", " -" }.Zip(segment.LogProbabilities))
            {
                var score = await service.Client.ScoreAsync(new V1.ScoreRequest
                {
                    Prompt = new V1.Prompt { Parts = { prompt.Parts, before } },
                    Continuation = new V1.Prompt { Parts = { Requests.Text(label) } },
                }, cancellationToken: TestContext.Current.CancellationToken);
                Assert.Equal(Assert.Single(score.LogProbabilities), expected, tolerance: 1e-6f);
            }
        }
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
