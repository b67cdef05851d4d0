using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy.Tests;

/// <summary>The engine over servers that fail: retries, broken answers, cancellation, and servers that cannot be used at all.</summary>
public sealed class RemoteFailureTests
{
    private const string Part = """{"choices": [{"index": 0, "text": "a", "token_ids": [64], "finish_reason": null}]}""";
    private const string End = """{"choices": [{"index": 0, "text": "b", "token_ids": [65], "finish_reason": "length"}]}""";
    private const string Done = "[DONE]";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_is_asked_again()
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => server.Asked.Count switch
        {
            1 => Abort(http),
            2 => Full(http, 503),
            3 => Full(http, 429),
            _ => ScriptedServer.EventsAsync(http, Part, End, Done),
        };

        var happened = await Collect(engine);

        Assert.Equal(4, server.Asked.Count);
        Assert.Single(server.Asked.Select(asked => asked.Body.GetRawText()).Distinct());
        Assert.Equal([64, 65], happened.OfType<SequenceFinished>().Single().Tokens);
    }

    [Fact]
    public async Task A_server_that_stays_full_is_told_as_full()
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => Full(http, 429);

        var error = await Assert.ThrowsAsync<EngineBusyException>(() => Collect(engine));

        Assert.Contains("all slots are taken", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, server.Asked.Count);
    }

    [Fact]
    public async Task A_long_pause_that_the_server_asks_for_is_the_callers_to_take()
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => Full(http, 429, retryAfter: 3600);

        await Assert.ThrowsAsync<EngineBusyException>(() => Collect(engine));

        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task Nothing_is_asked_again_after_a_token()
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = async (http, _) =>
        {
            await ScriptedServer.EventsAsync(http, Part);
            await delivered.Task.WaitAsync(http.RequestAborted);
            http.Abort();
        };
        await using var events = engine.GenerateAsync(Request(), Cancellation).GetAsyncEnumerator(Cancellation);
        while (await events.MoveNextAsync() && events.Current is not SequenceChunk)
        {
        }

        var chunk = Assert.IsType<SequenceChunk>(events.Current);
        delivered.SetResult();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await events.MoveNextAsync());

        Assert.Equal([64], chunk.Tokens);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData("""{"choices": [{"index": 0, """, StatusCode.Internal, "sent what cannot be read")]
    [InlineData("""{"choices": [{"index": "first"}]}""", StatusCode.Internal, "sent what cannot be read")]
    [InlineData("null", StatusCode.Internal, "sent null")]
    [InlineData("""{"choices": [{"index": 3, "text": "a", "token_ids": [64]}]}""", StatusCode.Internal, "told sequence 3: expected 0 to 0")]
    [InlineData("""{"choices": [{"index": 0, "text": "a"}]}""", StatusCode.Internal, "left token_ids out of a stream")]
    [InlineData("""{"choices": [{"index": 0, "text": "a", "token_ids": [999999]}]}""", StatusCode.Internal, "told token 999999")]
    [InlineData("""{"choices": [{"index": 0, "text": "a", "token_ids": [64], "finish_reason": "abort"}]}""", StatusCode.Unavailable, "ended sequence 0 with 'abort'")]
    [InlineData("""{"error": {"message": "out of memory"}}""", StatusCode.Unavailable, "out of memory")]
    [InlineData("{}", StatusCode.Unavailable, "ended its answer before all sequences had ended")]
    public async Task A_broken_stream_is_told_in_one_line(string data, StatusCode status, string part)
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => ScriptedServer.EventsAsync(http, data, Done);

        var (_, error) = await CollectUntilError(engine);

        var told = Assert.IsType<RpcException>(error);
        Assert.Equal(status, told.StatusCode);
        Assert.Contains(part, told.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told.Status.Detail);
    }

    [Theory]
    [InlineData(400, typeof(ArgumentException), "the prompt is odd")]
    [InlineData(500, typeof(RpcException), "answers 500: the prompt is odd")]
    [InlineData(404, typeof(RpcException), "answers 404: the prompt is odd")]
    public async Task A_refusal_is_told_with_the_servers_reason(int status, Type type, string part)
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => ScriptedServer.JsonAsync(http, """{"error": {"message": "the prompt is odd"}}""", status);

        var (_, error) = await CollectUntilError(engine);

        Assert.IsType(type, error);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelling_ends_the_servers_work(bool answering)
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = async (http, _) =>
        {
            http.RequestAborted.Register(() => aborted.TrySetResult());
            begun.SetResult();
            while (!http.RequestAborted.IsCancellationRequested)
            {
                if (answering)
                {
                    await ScriptedServer.EventsAsync(http, Part);
                }

                await Task.WhenAny(aborted.Task, Task.Delay(5));
            }
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var collecting = Collect(engine, stop.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        var cancelled = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => collecting);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.InRange(cancelled.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_server_with_another_tokenizer_is_not_used()
    {
        await using var server = await ScriptedServer.StartAsync("vllm", moreTokens: 2);

        var error = await Assert.ThrowsAsync<ModelFormatException>(() => server.ConnectAsync());

        Assert.Contains("has another tokenizer", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected O1CODER_MODEL to be the folder of the model that the server runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_served_is_told_with_those_that_are()
    {
        await using var server = await ScriptedServer.StartAsync("vllm", models: ["served", "adapter"]);

        var error = await Assert.ThrowsAsync<ModelFormatException>(() => server.ConnectAsync(model: "none"));

        Assert.Contains("O1CODER_REMOTE_MODEL is 'none'", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("served, adapter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_not_repeated()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Answer = (http, _) => ScriptedServer.JsonAsync(http, """{"error": "wrong key secret-key"}""", 401);

        var error = await Assert.ThrowsAsync<IOException>(() => server.ConnectAsync(key: "secret-key"));

        Assert.Contains("answers 401: expected O1CODER_REMOTE_KEY to hold a key that it takes", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_in_one_line()
    {
        string address;
        await using (var server = await ScriptedServer.StartAsync())
        {
            address = server.Address;
        }

        var error = await Assert.ThrowsAsync<IOException>(() => ScriptedServer.ConnectAsync(address, "", ""));

        Assert.StartsWith($"O1CODER_REMOTE is '{address}': {new Uri(address).Authority} cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    private static Task Full(HttpContext http, int status, int retryAfter = 0)
    {
        http.Response.Headers.RetryAfter = $"{retryAfter}";
        return ScriptedServer.JsonAsync(http, """{"message": "all slots are taken"}""", status);
    }

    private static GenerationRequest Request() => new()
    {
        Prompt = new[] { 1, 2, 3 },
        Sampling = new SamplingOptions { MaxTokens = 8 },
    };

    private static async Task<List<GenerationEvent>> Collect(IInferenceEngine engine, CancellationToken? cancellation = null)
    {
        var (happened, error) = await CollectUntilError(engine, cancellation);
        return error is null ? happened : throw error;
    }

    private static async Task<(List<GenerationEvent> Happened, Exception? Error)> CollectUntilError(
        IInferenceEngine engine, CancellationToken? cancellation = null)
    {
        var happened = new List<GenerationEvent>();
        try
        {
            await foreach (var one in engine.GenerateAsync(Request(), cancellation ?? Cancellation))
            {
                happened.Add(one);
            }

            return (happened, null);
        }
        catch (Exception exception)
        {
            return (happened, exception);
        }
    }
}
