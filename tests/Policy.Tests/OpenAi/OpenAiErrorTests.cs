using System.Diagnostics;
using System.Text;
using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>Errors in OpenAI's shape, and clients that go away.</summary>
public sealed class OpenAiErrorTests(OpenAiErrorTests.Service service) : IClassFixture<OpenAiErrorTests.Service>
{
    private static readonly string s_model = EmbeddedModel.Shared.Id;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{}""", "model", "model is absent: expected one of qwen2.5-coder-0.5b-instruct-q4_0")]
    [InlineData("""{"model": "M"}""", "prompt", "prompt is absent")]
    [InlineData("""{"model": "M", "prompt": []}""", "prompt", "prompt is '0 tokens': expected at least one token")]
    [InlineData("""{"model": "M", "prompt": ["a", "b"]}""", "prompt", "prompt is '2 prompts': expected one")]
    [InlineData("""{"model": "M", "prompt": [1, -1]}""", "prompt[1]", "prompt[1] is '-1': expected a token id from 0 to 151935")]
    [InlineData("""{"model": "M", "prompt": [1, 2.5]}""", "prompt[1]", "'2.5'")]
    [InlineData("""{"model": "M", "prompt": "\ud83d"}""", "prompt", "half of a surrogate pair")]
    [InlineData("""{"model": "M", "prompt": "x", "temperature": -1}""", "temperature", "temperature is '-1': expected a number in [0, 5]")]
    [InlineData("""{"model": "M", "prompt": "x", "temperature": "warm"}""", "temperature", "temperature is not of the kind")]
    [InlineData("""{"model": "M", "prompt": "x", "top_p": 0}""", "top_p", "top_p is '0': expected a number above 0 and at most 1")]
    [InlineData("""{"model": "M", "prompt": "x", "top_k": -2}""", "top_k", "top_k is '-2'")]
    [InlineData("""{"model": "M", "prompt": "x", "n": 65}""", "n", "n is '65': expected 1 to 64")]
    [InlineData("""{"model": "M", "prompt": "x", "max_tokens": 0}""", "max_tokens", "max_tokens is '0': expected 1 or more")]
    [InlineData("""{"model": "M", "prompt": "x", "stop": 5}""", "stop", "stop is '5': expected a string or a list of strings")]
    [InlineData("""{"model": "M", "prompt": "x", "stop": ["a", ""]}""", "stop[1]", "stop[1] is '': expected 1 to 1024 characters")]
    [InlineData("""{"model": "M", "prompt": "x", "seed": 1.5}""", "seed", "seed is '1.5': expected a whole number")]
    [InlineData("""{"model": "M", "prompt": "x", "logprobs": 21}""", "logprobs", "logprobs is '21': expected 0 to 20")]
    [InlineData("""{"model": "M", "prompt": "x", "logprobs": 2, "echo": true, "max_tokens": 0}""", "logprobs", "logprobs is '2': expected 0 or 1 with echo")]
    [InlineData("""{"model": "M", "prompt": "x", "echo": true}""", "echo", "echo is 'True': expected false")]
    [InlineData("""{"model": "M", "prompt": "x", "best_of": 3}""", "best_of", "best_of is '3'")]
    [InlineData("""{"model": "M", "prompt": "x", "suffix": "y"}""", "suffix", "suffix is 'y'")]
    [InlineData("""{"model": "M", "prompt": "x", "presence_penalty": 0.5}""", "presence_penalty", "presence_penalty is '0.5'")]
    [InlineData("""{"model": "M", "prompt": "x", "frequency_penalty": 1}""", "frequency_penalty", "frequency_penalty is '1': expected 0")]
    [InlineData("""{"model": "M", "prompt": "x", "min_p": 1.5}""", "min_p", "min_p is '1.5': expected a number in [0, 1]")]
    [InlineData("""{"model": "M", "prompt": "x", "repetition_penalty": 0}""", "repetition_penalty", "repetition_penalty is '0': expected a number in [0.1, 10]")]
    [InlineData("""{"model": "M", "prompt": "x", "logit_bias": {"151936": 1}}""", "logit_bias", "logit_bias is '151936': expected token ids from 0 to 151935")]
    [InlineData("""{"model": "M", "prompt": "x", "logit_bias": {"the": 1}}""", "logit_bias", "logit_bias is 'the'")]
    [InlineData("""{"model": "M", "prompt": "x", "logit_bias": {"5": 101}}""", "logit_bias[5]", "logit_bias[5] is '101': expected a number in [-100, 100]")]
    [InlineData("""{"model": "M", "prompt": "x", "logit_bias": [[5, 1]]}""", "logit_bias", "expected an object of token ids and numbers")]
    [InlineData("""{"model": "M", "prompt": "x", "response_format": {"type": "json_schema"}}""", "response_format.type", "response_format.type is 'json_schema': expected text or json_object")]
    [InlineData("""{"model": "M", "prompt": "x", "guided_regex": "(a"}""", "guided_regex", "guided_regex is '(a': expected")]
    [InlineData("""{"model": "M", "prompt": "x", "grammar": "x ::= 1"}""", "grammar", "grammar is 'x ::= 1': expected")]
    [InlineData("""{"model": "M", "prompt": "x", "guided_regex": "a", "response_format": {"type": "json_object"}}""", "response_format", "expected nothing beside guided_regex")]
    [InlineData("""{"model": "M", "prompt": "x", "guided_json": {}}""", "guided_json", "guided_json is '{}': expected nothing")]
    [InlineData("""{"model": "M", "prompt": "x", "guided_choice": ["a"]}""", "guided_choice", "expected nothing: schemas and choices")]
    [InlineData("""{"model": "M", "prompt": "x", "json_schema": {}}""", "json_schema", "json_schema is '{}': expected nothing")]
    [InlineData("""{"model": "M", "prompt": "x", "structured_outputs": {"choice": ["a"]}}""", "structured_outputs.choice", "expected nothing: schemas and choices")]
    [InlineData("""{"model": "M", "prompt": "x", "structured_outputs": {"regex": 5}}""", "structured_outputs.regex", "structured_outputs.regex is '5': expected a text")]
    [InlineData("""{"model": "M", "prompt": """, null, "the body is not the JSON that is expected")]
    [InlineData("null", null, "the body is null")]
    public Task A_bad_text_request_names_the_field(string body, string? field, string part) => Refused("completions", body, field, part);

    [Theory]
    [InlineData("""{"model": "M"}""", "messages", "messages is absent: expected at least one message")]
    [InlineData("""{"model": "M", "messages": []}""", "messages", "messages is 'empty'")]
    [InlineData("""{"model": "M", "messages": [null]}""", "messages[0].content", "messages[0].content is absent")]
    [InlineData("""{"model": "M", "messages": [{"role": "tool", "content": "x"}]}""", "messages[0].role", "messages[0].role is 'tool'")]
    [InlineData("""{"model": "M", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", "messages[0].content[0].type", "'image_url': expected text")]
    [InlineData("""{"model": "M", "messages": [{"role": "user", "content": "x"}], "logprobs": true, "top_logprobs": 21}""", "top_logprobs", "top_logprobs is '21': expected 0 to 20")]
    [InlineData("""{"model": "M", "messages": [{"role": "user", "content": "x"}], "top_logprobs": 2}""", "top_logprobs", "expected nothing where logprobs is not true")]
    [InlineData("""{"model": "M", "messages": [{"role": "user", "content": "x"}], "tools": [{}]}""", "tools", "tools is 'a list': expected nothing")]
    [InlineData("""{"model": "M", "messages": [{"role": "user", "content": "x"}], "max_completion_tokens": 0}""", "max_completion_tokens", "expected 1 or more")]
    public Task A_bad_chat_names_the_field(string body, string? field, string part) => Refused("chat/completions", body, field, part);

    [Fact]
    public async Task A_prompt_longer_than_the_context_has_its_own_code()
    {
        var (status, answer, _) = await service.Host.PostAsync(
            "completions", $$"""{"model": "{{s_model}}", "prompt": [{{string.Join(',', new int[256])}}]}""");

        Assert.Equal(400, status);
        Assert.Equal(("context_length_exceeded", "prompt is '256 tokens': expected at most 255 tokens"), (Error(answer, "code"), Error(answer, "message")));
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        var (status, answer, _) = await service.Host.PostAsync("completions", """{"model": "gpt-4", "prompt": "x"}""");

        Assert.Equal(404, status);
        Assert.Equal(("model_not_found", "model", "invalid_request_error"), (Error(answer, "code"), Error(answer, "param"), Error(answer, "type")));
        Assert.Equal($"model is 'gpt-4': expected one of {s_model}", Error(answer, "message"));
        using var card = await service.Host.Client.GetAsync("models/gpt-4", Cancellation);
        Assert.Equal(404, (int)card.StatusCode);
    }

    [Fact]
    public async Task An_unknown_address_another_type_and_another_host_are_refused()
    {
        var (status, answer, _) = await service.Host.PostAsync("embeddings", "{}");
        Assert.Equal((404, "unknown_url"), (status, Error(answer, "code")));

        using var plain = await service.Host.Client.PostAsync(
            "completions", new StringContent("{}", Encoding.UTF8, "text/plain"), Cancellation);
        Assert.Equal(415, (int)plain.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Get, "models") { Headers = { Host = "example.org" } };
        using var other = await service.Host.Client.SendAsync(request, Cancellation);
        Assert.Equal(403, (int)other.StatusCode);
    }

    [Fact]
    public async Task A_full_queue_is_told_with_when_to_come_back()
    {
        await using var host = await OpenAiHost.StartAsync(new ScriptedEngine { Script = _ => throw new EngineBusyException("the queue is full", TimeSpan.FromSeconds(1)) });

        var (status, answer, headers) = await host.PostAsync("completions", $$"""{"model": "{{s_model}}", "prompt": "x", "stream": true}""");

        Assert.Equal((429, "the queue is full"), (status, Error(answer, "message")));
        Assert.True(headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_model_that_loads_is_unavailable()
    {
        using var loaded = new ManualResetEventSlim();
        await using var host = await OpenAiHost.StartLoadingAsync(stop =>
        {
            loaded.Wait(stop);
            return new LoadedModel(EmbeddedModel.Shared, new ScriptedEngine(), TimeSpan.Zero);
        });

        var (status, answer, headers) = await host.PostAsync("completions", $$"""{"model": "{{s_model}}", "prompt": "x"}""");

        Assert.Equal((503, "the model is loading; try again"), (status, Error(answer, "message")));
        Assert.NotNull(headers.RetryAfter);
    }

    [Fact]
    public async Task An_error_after_the_answer_has_begun_is_the_last_event()
    {
        await using var host = await OpenAiHost.StartAsync(new ScriptedEngine { Script = _ => Failing() });

        var events = await host.StreamAsync("completions", $$"""{"model": "{{s_model}}", "prompt": "x", "stream": true}""");
        var (status, answer, _) = await host.PostAsync("completions", $$"""{"model": "{{s_model}}", "prompt": "x"}""");

        Assert.Equal(2, events.Count);
        Assert.Equal("the device is gone", Error(JsonDocument.Parse(events[1]).RootElement, "message"));
        Assert.Equal((500, "server_error"), (status, Error(answer, "type")));

        static async IAsyncEnumerable<GenerationEvent> Failing()
        {
            await Task.Yield();
            yield return new SequenceChunk(0, [1], "x", [0f], [0f]);
            throw new InvalidOperationException("the device is gone");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_away_ends_the_engines_work(bool stream)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new ScriptedEngine { Script = ScriptedEngine.Endless, OnRequest = _ => begun.TrySetResult() };
        await using var host = await OpenAiHost.StartAsync(engine);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = host.SendAsync("completions",
            $$"""{"model": "{{s_model}}", "prompt": "x", "stream": {{(stream ? "true" : "false")}}}""", leaving.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        if (stream)
        {
            (await call).Dispose();
        }

        var left = Stopwatch.StartNew();
        await leaving.CancelAsync();
        await engine.Ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.InRange(left.Elapsed.TotalSeconds, 0, 10);
    }

    private async Task Refused(string path, string body, string? field, string part)
    {
        var (status, answer, _) = await service.Host.PostAsync(path, body.Replace("\"M\"", $"\"{s_model}\"", StringComparison.Ordinal));

        Assert.Equal(400, status);
        Assert.Equal("invalid_request_error", Error(answer, "type"));
        Assert.Equal(field, Error(answer, "param"));
        Assert.Contains(part, Error(answer, "message"), StringComparison.Ordinal);
    }

    private static string? Error(JsonElement answer, string field) => answer.GetProperty("error").GetProperty(field).GetString();

    /// <summary>One service for all bad requests: none reaches its engine.</summary>
    public sealed class Service : IAsyncLifetime
    {
        internal OpenAiHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await OpenAiHost.StartAsync(new ScriptedEngine());

        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
