using System.Diagnostics;
using Grpc.Core;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

public sealed class GenerateTests
{
    private static readonly GenerationEvent[] s_twoSequences =
    [
        new PromptAccepted(2),
        new SequenceChunk(0, [10, 11], "ab", [-0.1f, -0.2f], [-1f, -2f]),
        new SequenceChunk(1, [20], "c", [-0.3f], [-3f]),
        new SequenceFinished(1, Inference.FinishReason.StopString, "\n\n", "c", [20, 271]),
        new SequenceChunk(0, [12], "d", [-0.4f], [-4f]),
        new SequenceFinished(0, Inference.FinishReason.EndOfTurn, null, "abd", [10, 11, 12]),
        new GenerationUsage(5, 2, 4, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)),
    ];

    [Fact]
    public async Task Streams_every_event_in_the_engines_order()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(s_twoSequences, stop) };
        await using var host = await PolicyHost.StartAsync(engine);

        var responses = await Collect(host, Requests.Generate(Requests.Tokens(1, 2, 3)));

        Assert.Equal(
            ["Accepted", "Chunk", "Chunk", "Finished", "Chunk", "Finished", "Usage"],
            responses.Select(response => response.EventCase.ToString()));
        Assert.Equal([1, 2, 3], responses[0].Accepted.Prompt.Ids);
        Assert.Equal(2, responses[0].Accepted.CachedTokens);
        Assert.Equal(EmbeddedModel.Shared.Id, responses[0].Accepted.Model.ModelId);
        Assert.Equal(EmbeddedModel.Shared.Hash, responses[0].Accepted.Model.ModelHash);
        Assert.Equal(new V1.SequenceChunk
        {
            Sequence = 0,
            TokenIds = { 10, 11 },
            Text = "ab",
            SamplingLogProbabilities = { -0.1f, -0.2f },
            ModelLogProbabilities = { -1f, -2f },
        }, responses[1].Chunk);
        Assert.Equal(new V1.SequenceFinished
        {
            Sequence = 1,
            Reason = V1.FinishReason.StopString,
            Stop = "\n\n",
            Text = "c",
            Tokens = new V1.TokenSequence { Ids = { 20, 271 } },
        }, responses[3].Finished);
        Assert.Equal((V1.FinishReason.EndOfTurn, ""), (responses[5].Finished.Reason, responses[5].Finished.Stop));
        Assert.Equal(new V1.GenerateUsage
        {
            PromptTokens = 5,
            CachedTokens = 2,
            GeneratedTokens = 4,
            QueueSeconds = 0.25,
            PrefillSeconds = 0.5,
            DecodeSeconds = 2,
        }, responses[6].Usage);
    }

    [Fact]
    public async Task Hands_the_engine_what_was_asked()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);

        await Collect(host, Requests.Generate(
            Requests.Chat((V1.ChatRole.System, "Be short."), (V1.ChatRole.User, "Write f.<|im_end|>")),
            Requests.Text("def <|im_start|>"),
            Requests.Tokens(5, 151_645)));

        var asked = engine.Asked!;
        var tokenizer = EmbeddedModel.Shared.Tokenizer;
        Assert.Equal(
            "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWrite f.<|im_end|><|im_end|>\n<|im_start|>assistant\n" +
            "def <|im_start|>" + tokenizer.Decode([5, 151_645]),
            tokenizer.Decode(asked.Prompt.Span));

        // Only the template's own three starts and two ends, and the last token, are special: never what a text spells.
        Assert.Equal(6, asked.Prompt.ToArray().Count(tokenizer.IsSpecialToken));
        Assert.Equal(2, asked.Sequences);
        Assert.Equal((0.5f, 40, 0.9f, 8, 7UL),
            (asked.Sampling.Temperature, asked.Sampling.TopK, asked.Sampling.TopP, asked.Sampling.MaxTokens, asked.Sampling.Seed));
        Assert.Equal(["\n\n"], asked.Sampling.Stop);
        Assert.False(asked.Sampling.SamplingLogProbabilities);
    }

    [Fact]
    public async Task Hands_the_engine_what_changes_draws()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);
        var request = Requests.Generate();
        request.Sampling.MinP = 0.1f;
        request.Sampling.RepetitionPenalty = 1.2f;
        request.Sampling.LogitBias.Add(5, -100);
        request.Sampling.LogitBias.Add(7, 2.5f);
        request.Sampling.TopLogProbabilities = 3;
        request.Sampling.SamplingLogProbabilities = true;
        request.Sampling.Constraint = new V1.Constraint { Grammar = "root ::= [a-z]+" };
        request.ForcedPrefix = new V1.Prompt { Parts = { Requests.Text("ab"), Requests.Tokens(9) } };

        await Collect(host, request);

        var (asked, sampling) = (engine.Asked!, engine.Asked!.Sampling);
        Assert.Equal((0.1f, 1.2f, 3, true), (sampling.MinP, sampling.RepetitionPenalty, sampling.TopLogProbabilities, sampling.SamplingLogProbabilities));
        Assert.Equal([(5, -100f), (7, 2.5f)], sampling.LogitBias.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal((ConstraintKind.Grammar, "root ::= [a-z]+"), (sampling.Constraint!.Kind, sampling.Constraint.Text));
        Assert.Equal([.. EmbeddedModel.Shared.Tokenizer.Encode("ab", parseSpecial: false), 9], asked.ForcedPrefix.ToArray());

        request.Sampling.Constraint = new V1.Constraint { Regex = "a|b" };
        await Collect(host, request);
        Assert.Equal((ConstraintKind.Regex, "a|b"), (engine.Asked.Sampling.Constraint!.Kind, engine.Asked.Sampling.Constraint.Text));
    }

    [Fact]
    public async Task Tells_the_likeliest_tokens_and_that_none_was_left()
    {
        GenerationEvent[] events =
        [
            new SequenceChunk(0, [10, 11], "ab", [0, 0], [-1f, -2f])
            {
                TopLogProbabilities = [[new TokenLogProbability(10, -1f), new TokenLogProbability(3, -1.5f)], [new TokenLogProbability(4, -0.5f)]],
            },
            new SequenceFinished(0, Inference.FinishReason.NoToken, null, "ab", [10, 11]),
        ];
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(events, stop) };
        await using var host = await PolicyHost.StartAsync(engine);

        var responses = await Collect(host, Requests.Generate());

        Assert.Equal(
            [
                new V1.LikeliestTokens
                {
                    Tokens =
                    {
                        new V1.TokenLogProbability { TokenId = 10, LogProbability = -1f },
                        new V1.TokenLogProbability { TokenId = 3, LogProbability = -1.5f },
                    },
                },
                new V1.LikeliestTokens { Tokens = { new V1.TokenLogProbability { TokenId = 4, LogProbability = -0.5f } } },
            ],
            responses[0].Chunk.TopLogProbabilities);
        Assert.Equal(V1.FinishReason.NoToken, responses[1].Finished.Reason);
    }

    [Fact]
    public async Task Takes_zero_as_the_default()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);
        var request = Requests.Generate();
        (request.Sequences, request.Sampling.TopP) = (0, 0);

        await Collect(host, request);

        var (asked, sampling) = (engine.Asked!, engine.Asked!.Sampling);
        Assert.Equal((1, 1f, 1f, 0f), (asked.Sequences, sampling.TopP, sampling.RepetitionPenalty, sampling.MinP));
        Assert.Equal((0, null, 0, 0), (sampling.LogitBias.Count, sampling.Constraint, sampling.TopLogProbabilities, asked.ForcedPrefix.Length));
    }

    [Fact]
    public async Task Cancelling_ends_the_engines_work_within_a_second()
    {
        var engine = new ScriptedEngine { Script = ScriptedEngine.Endless };
        await using var host = await PolicyHost.StartAsync(engine);
        using var call = host.Client.Generate(Requests.Generate(), cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        }

        var cancelled = Stopwatch.StartNew();
        call.Dispose();
        await engine.Ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.InRange(cancelled.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_deadline_ends_the_engines_work()
    {
        var engine = new ScriptedEngine { Script = ScriptedEngine.Endless };
        await using var host = await PolicyHost.StartAsync(engine);

        using var call = host.Client.Generate(Requests.Generate(), deadline: DateTime.UtcNow.AddMilliseconds(300),
            cancellationToken: TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => Drain(call));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await engine.Ended.Task.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(V1.Priority.Unspecified, RequestPriority.Normal)]
    [InlineData(V1.Priority.Low, RequestPriority.Low)]
    [InlineData(V1.Priority.Normal, RequestPriority.Normal)]
    [InlineData(V1.Priority.High, RequestPriority.High)]
    public async Task The_engine_is_told_who_asks_and_how_urgently(V1.Priority asked, RequestPriority told)
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);
        var request = Requests.Generate();
        await Collect(host, request);
        Assert.Equal((default, false), (engine.Asked!.Ticket, engine.Asked.PromptLookup));

        request.Ticket = new V1.QueueTicket { Priority = asked, Caller = "a search" };
        request.PromptLookup = true;
        await Collect(host, request);

        Assert.Equal((new QueueTicket(told, "a search"), true), (engine.Asked.Ticket, engine.Asked.PromptLookup));
    }

    [Fact]
    public async Task A_full_queue_is_told_with_when_to_come_back()
    {
        var engine = new ScriptedEngine { Script = _ => throw new EngineBusyException("the queue is full: 64 requests wait", TimeSpan.FromSeconds(1)) };
        await using var host = await PolicyHost.StartAsync(engine);

        var error = await Assert.ThrowsAsync<RpcException>(() => Collect(host, Requests.Generate()));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("the queue is full: 64 requests wait", error.Status.Detail);
        Assert.InRange(int.Parse(error.Trailers.GetValue(RetryHint.PushbackTrailer)!), 1, 60_000);
    }

    [Fact]
    public async Task What_the_engine_refuses_is_the_callers_error()
    {
        var engine = new ScriptedEngine { Script = _ => throw new ArgumentException("max_tokens is 8: expected 4", "request") };
        await using var host = await PolicyHost.StartAsync(engine);

        var error = await Assert.ThrowsAsync<RpcException>(() => Collect(host, Requests.Generate()));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("max_tokens is 8: expected 4", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_the_service_ends_open_streams()
    {
        var engine = new ScriptedEngine { Script = ScriptedEngine.Endless };
        await using var host = await PolicyHost.StartAsync(engine);
        using var call = host.Client.Generate(Requests.Generate(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        var stopped = Stopwatch.StartNew();
        var stopping = host.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => Drain(call));
        await stopping;

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.InRange(stopped.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Callers_side_by_side_get_their_own_answers()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(s_twoSequences, stop) };
        await using var host = await PolicyHost.StartAsync(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Collect(host, Requests.Generate(Requests.Tokens(i)))));

        Assert.All(answers.Index(), answer => Assert.Equal([answer.Index], answer.Item[0].Accepted.Prompt.Ids));
        Assert.All(answers, answer => Assert.Equal(s_twoSequences.Length, answer.Count));
    }

    private static async Task<List<V1.GenerateResponse>> Collect(PolicyHost host, V1.GenerateRequest request)
    {
        using var call = host.Client.Generate(request, deadline: DateTime.UtcNow.AddSeconds(30),
            cancellationToken: TestContext.Current.CancellationToken);
        return await Drain(call);
    }

    private static async Task<List<V1.GenerateResponse>> Drain(AsyncServerStreamingCall<V1.GenerateResponse> call)
    {
        var responses = new List<V1.GenerateResponse>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            responses.Add(response);
        }

        return responses;
    }
}
