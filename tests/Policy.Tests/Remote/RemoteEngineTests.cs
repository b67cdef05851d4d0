using Grpc.Core;
using Microsoft.AspNetCore.Http;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>The engine over scripted servers: what is asked, and what becomes of the answers of each kind.</summary>
public sealed class RemoteEngineTests
{
    private static readonly int s_endOfTurn = EmbeddedModel.Shared.Description.EndOfTurnTokens[^1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_with_token_ids_is_told_part_by_part()
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => ScriptedServer.EventsAsync(http,
            """{"choices": [{"index": 0, "text": "a", "token_ids": [64], "logprobs": {"token_logprobs": [-0.5]}, "finish_reason": null}]}""",
            """{"choices": [{"index": 1, "text": "", "token_ids": [66, 271], "logprobs": {"token_logprobs": [-1, -2]}, "finish_reason": "stop", "stop_reason": "\n\n"}]}""",
            $$"""{"choices": [{"index": 0, "text": "b", "token_ids": [65, {{s_endOfTurn}}], "logprobs": {"token_logprobs": [-0.75, -3]}, "finish_reason": "stop", "stop_reason": null}]}""",
            """{"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8, "prompt_tokens_details": {"cached_tokens": 2}}}""",
            "[DONE]");

        var happened = await Collect(engine, Request(sequences: 2) with
        {
            Sampling = new SamplingOptions { MaxTokens = 8, Temperature = 1, Stop = ["\n\n"], SamplingLogProbabilities = true },
        });

        Assert.Equal(
            ["PromptAccepted", "SequenceChunk", "SequenceChunk", "SequenceFinished", "SequenceChunk", "SequenceFinished", "GenerationUsage"],
            happened.Select(one => one.GetType().Name));
        var chunks = happened.OfType<SequenceChunk>().ToArray();
        Assert.Equal([64], chunks[0].Tokens);
        Assert.Equal([-0.5f], chunks[0].ModelLogProbabilities);
        Assert.Equal([-0.5f], chunks[0].SamplingLogProbabilities);
        Assert.Equal([66, 271], chunks[1].Tokens);
        Assert.Equal([65], chunks[2].Tokens);
        Assert.Equal([-0.75f], chunks[2].ModelLogProbabilities);
        var ends = happened.OfType<SequenceFinished>().ToArray();
        Assert.Equal((1, FinishReason.StopString, "\n\n", ""), (ends[0].Sequence, ends[0].Reason, ends[0].Stop, ends[0].Text));
        Assert.Equal((0, FinishReason.EndOfTurn, null, "ab"), (ends[1].Sequence, ends[1].Reason, ends[1].Stop, ends[1].Text));
        Assert.Equal([64, 65], ends[1].Tokens);
        var usage = happened.OfType<GenerationUsage>().Single();
        Assert.Equal((3, 2, 4), (usage.PromptTokens, usage.CachedTokens, usage.GeneratedTokens));
    }

    [Fact]
    public async Task What_is_off_is_said_to_be_off_and_the_key_is_sent()
    {
        await using var server = await ScriptedServer.StartAsync();
        var loaded = await server.ConnectAsync(key: "secret-key");
        server.Answer = (http, _) => ScriptedServer.EventsAsync(http,
            """{"choices": [{"index": 0, "text": "a", "token_ids": [64], "finish_reason": "length"}]}""", "[DONE]");

        await Collect(loaded.Engine, Request() with
        {
            Sampling = new SamplingOptions { MaxTokens = 1000, Temperature = 0.5f, TopP = 0.75f, Stop = ["#"], Seed = ulong.MaxValue },
        });

        var (body, authorization) = Assert.Single(server.Asked);
        Assert.Equal("Bearer secret-key", authorization);
        Assert.Equal("[1,2,3]", body.GetProperty("prompt").GetRawText());
        Assert.Equal(("served", 0.5f, 0.75f, -1, true),
            (body.GetProperty("model").GetString(), body.GetProperty("temperature").GetSingle(), body.GetProperty("top_p").GetSingle(),
                body.GetProperty("top_k").GetInt32(), body.GetProperty("stream").GetBoolean()));
        Assert.Equal((0f, 1f, 0f, 0f), (body.GetProperty("min_p").GetSingle(), body.GetProperty("repetition_penalty").GetSingle(),
            body.GetProperty("presence_penalty").GetSingle(), body.GetProperty("frequency_penalty").GetSingle()));
        Assert.InRange(body.GetProperty("seed").GetInt64(), 0, int.MaxValue);
        Assert.Equal("[\"#\"]", body.GetProperty("stop").GetRawText());

        // The context is the server's less the token that scoring draws; a request that may outgrow it would be refused.
        Assert.Equal(199, loaded.Engine.Description.ContextLength);
        Assert.Equal(196, body.GetProperty("max_tokens").GetInt32());
        Assert.False(body.TryGetProperty("echo", out _));
        Assert.Equal(($"remote/{new Uri(server.Address).Authority}", "unknown", 0),
            (loaded.Engine.Description.Backend, loaded.Engine.Description.Precision, loaded.Engine.Description.Threads));
        Assert.Equal("served", loaded.Id);
        Assert.Matches("^[0-9a-f]{64}$", loaded.Hash);
        Assert.NotEqual(EmbeddedModel.Shared.Hash, loaded.Hash);
    }

    [Fact]
    public async Task Log_probabilities_that_do_not_follow_are_not_a_number()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var other = await ScriptedServer.StartAsync("sglang");
        var plain = (await server.ConnectAsync()).Engine;
        var scaled = (await other.ConnectAsync()).Engine;
        server.Answer = other.Answer = (http, _) => ScriptedServer.EventsAsync(http,
            """{"choices": [{"index": 0, "text": "a", "token_ids": [64], "logprobs": {"token_logprobs": [-0.5]}, "finish_reason": "length"}]}""",
            "[DONE]");
        Assert.Equal((-0.5f, 0f), await Told(plain, new SamplingOptions { MaxTokens = 1 }));
        Assert.Equal((-0.5f, -0.5f), await Told(plain, new SamplingOptions { MaxTokens = 1, Temperature = 1 }));
        Assert.Equal((-0.5f, float.NaN), await Told(plain, new SamplingOptions { MaxTokens = 1, Temperature = 1, TopK = 5 }));
        Assert.Equal((-0.5f, float.NaN), await Told(plain, new SamplingOptions { MaxTokens = 1, Temperature = 0.5f }));
        Assert.Equal((float.NaN, -0.5f), await Told(scaled, new SamplingOptions { MaxTokens = 1, Temperature = 0.5f }));
        Assert.Equal((float.NaN, float.NaN), await Told(scaled, new SamplingOptions { MaxTokens = 1, Temperature = 0.5f, TopP = 0.5f }));
        Assert.Equal((-0.5f, -0.5f), await Told(scaled, new SamplingOptions { MaxTokens = 1, Temperature = 1 }));

        static async Task<(float Model, float Sampling)> Told(IInferenceEngine engine, SamplingOptions sampling)
        {
            var chunk = (await Collect(engine, Request() with { Sampling = sampling with { SamplingLogProbabilities = true } })).OfType<SequenceChunk>().Single();
            return (chunk.ModelLogProbabilities.Single(), chunk.SamplingLogProbabilities.Single());
        }
    }

    [Fact]
    public async Task Llama_cpps_answers_come_whole_with_the_tokens_that_it_tells_beside_them()
    {
        await using var server = await ScriptedServer.StartAsync("llamacpp", tellsTokens: false, scores: false);
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => ScriptedServer.JsonAsync(http, """
            {"choices": [{"index": 0, "text": "ab", "finish_reason": "stop", "logprobs": {"content": [
                {"id": 64, "token": "a", "logprob": -0.5}, {"id": 65, "token": "b", "logprob": -1}]}}],
             "usage": {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6},
             "__verbose": {"tokens": [64, 65, 2], "stop_type": "word", "stopping_word": "#"}}
            """);

        var happened = await Collect(engine, Request() with { Sampling = new SamplingOptions { MaxTokens = 8, Stop = ["x", "#"], SamplingLogProbabilities = true } });

        var (body, _) = Assert.Single(server.Asked);
        Assert.True(body.GetProperty("verbose").GetBoolean());
        Assert.Equal(0, body.GetProperty("top_k").GetInt32());
        Assert.False(body.TryGetProperty("stream", out _));
        var chunk = happened.OfType<SequenceChunk>().Single();
        Assert.Equal([64, 65, 2], chunk.Tokens);
        Assert.Equal([-0.5f, -1f, float.NaN], chunk.ModelLogProbabilities);
        Assert.Equal([0f, 0f, 0f], chunk.SamplingLogProbabilities);
        var end = happened.OfType<SequenceFinished>().Single();
        Assert.Equal((FinishReason.StopString, "#", "ab"), (end.Reason, end.Stop, end.Text));
    }

    [Fact]
    public async Task Without_what_stands_beside_it_the_only_stop_string_is_the_one_that_ended_an_answer()
    {
        await using var server = await ScriptedServer.StartAsync("llamacpp", tellsTokens: false, scores: false);
        var engine = (await server.ConnectAsync()).Engine;
        var last = "";
        server.Answer = (http, _) => ScriptedServer.JsonAsync(http, $$"""
            {"choices": [{"index": 0, "text": "a", "finish_reason": "stop", "logprobs": {"content": [{"id": 64, "token": "a", "logprob": -0.5}{{last}}] } }] }
            """);

        var stopped = (await Collect(engine, Request(stop: ["#"]))).OfType<SequenceFinished>().Single();
        last = $$""", {"id": {{s_endOfTurn}}, "token": "", "logprob": -1}""";
        var ended = (await Collect(engine, Request(stop: ["#"]))).OfType<SequenceFinished>().Single();

        Assert.Equal((FinishReason.StopString, "#"), (stopped.Reason, stopped.Stop));
        Assert.Equal([64, .. EmbeddedModel.Shared.Tokenizer.Encode("#", parseSpecial: false)], stopped.Tokens);
        Assert.Equal((FinishReason.EndOfTurn, null), (ended.Reason, ended.Stop));
        Assert.Equal([64], ended.Tokens);
    }

    [Fact]
    public async Task Text_alone_is_read_by_the_local_tokenizer_and_its_log_probabilities_are_unknown()
    {
        await using var server = await ScriptedServer.StartAsync("somebody", tellsTokens: false, scores: false, takesTokens: false, logProbabilities: false);
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => ScriptedServer.JsonAsync(http, """{"choices": [{"index": 0, "text": "return a", "finish_reason": "length"}]}""");

        var happened = await Collect(engine, Request() with { Sampling = new SamplingOptions { MaxTokens = 8, Temperature = 1, SamplingLogProbabilities = true } });

        Assert.Equal(EmbeddedModel.Shared.Tokenizer.Decode([1, 2, 3]), Assert.Single(server.Asked).Body.GetProperty("prompt").GetString());
        var chunk = happened.OfType<SequenceChunk>().Single();
        Assert.Equal(EmbeddedModel.Shared.Tokenizer.Encode("return a", parseSpecial: false), chunk.Tokens);
        Assert.All([.. chunk.ModelLogProbabilities, .. chunk.SamplingLogProbabilities], value => Assert.True(float.IsNaN(value)));
        Assert.Equal(chunk.Tokens.Count, chunk.ModelLogProbabilities.Count);
    }

    [Fact]
    public async Task Tokens_told_as_text_are_the_models_own_where_each_is_one()
    {
        await using var server = await ScriptedServer.StartAsync("somebody", tellsTokens: false);
        var engine = (await server.ConnectAsync()).Engine;
        var spelled = "\"re\", \"turn\"";
        server.Answer = (http, _) => ScriptedServer.JsonAsync(http, $$"""
            {"choices": [{"index": 0, "text": "return", "finish_reason": "length", "logprobs": {"tokens": [{{spelled}}], "token_logprobs": [-1, -2] } }] }
            """);

        var apart = (await Collect(engine, Request())).OfType<SequenceChunk>().Single();
        spelled = "\"re\", \"no\"";
        var other = (await Collect(engine, Request())).OfType<SequenceChunk>().Single();

        var tokenizer = EmbeddedModel.Shared.Tokenizer;
        Assert.Equal([tokenizer.Encode("re", false).Single(), tokenizer.Encode("turn", false).Single()], apart.Tokens);
        Assert.Equal([-1f, -2f], apart.ModelLogProbabilities);
        Assert.Equal(tokenizer.Encode("return", false), other.Tokens);
        Assert.True(float.IsNaN(other.ModelLogProbabilities.Single()));
    }

    [Fact]
    public async Task Scores_are_the_continuations_and_labels_are_asked_one_by_one()
    {
        await using var server = await ScriptedServer.StartAsync();
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, body) =>
        {
            // The value of a token is its id, negative, in thousandths.
            var tokens = body.GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32()).ToArray();
            var values = string.Join(", ", tokens.Skip(1).Append(9).Select(token => $"-{token}e-3"));
            return ScriptedServer.JsonAsync(http, $$"""
                {"choices": [{"index": 0, "text": "", "finish_reason": "length", "logprobs": {"token_logprobs": [null, {{values}}] } }] }
                """);
        };

        var scores = await engine.ScoreAsync(new[] { 1, 2, 3 }, new[] { 4, 5 }, null, default, Cancellation);
        var labels = await engine.ScoreLabelsAsync(new[] { 1, 2, 3, 4 }, [1, 3], [10, 20], null, default, Cancellation);

        Assert.Equal([-0.004f, -0.005f], scores);
        Assert.Equal([[-0.01f, -0.02f], [-0.01f, -0.02f]], labels);
        Assert.Equal(["[1,2,10]", "[1,2,20]", "[1,2,3,4,10]", "[1,2,3,4,20]"],
            server.Asked.Skip(1).Select(asked => asked.Body.GetProperty("prompt").GetRawText()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_score_is_told_as_such()
    {
        await using var server = await ScriptedServer.StartAsync("llamacpp", tellsTokens: false, scores: false);
        var engine = (await server.ConnectAsync()).Engine;

        var error = await Assert.ThrowsAsync<RpcException>(() => engine.ScoreAsync(new[] { 1 }, new[] { 2 }, null, default, Cancellation));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("tells no log-probabilities of a prompt", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapters_are_found_by_their_version_or_loaded_from_their_folder()
    {
        using var listed = new AdapterFolder(1);
        using var loaded = new AdapterFolder(2);
        using var refused = new AdapterFolder(3);
        await using var server = await ScriptedServer.StartAsync("vllm", models: ["served", listed.Version, "other"]);
        server.Posts["/v1/load_lora_adapter"] = (200, "{}");
        server.Posts["/v1/unload_lora_adapter"] = (200, "{}");
        var model = await server.ConnectAsync();
        var engine = (Remote.RemoteEngine)model.Engine;
        server.Answer = (http, _) => ScriptedServer.EventsAsync(http,
            """{"choices": [{"index": 0, "text": "a", "token_ids": [64], "finish_reason": "length"}]}""", "[DONE]");

        await engine.AddFromFolderAsync(Read(listed), listed.Path, Cancellation);
        Assert.Empty(server.Posted);
        await engine.AddFromFolderAsync(Read(loaded), loaded.Path, Cancellation);
        var (path, body) = Assert.Single(server.Posted);
        Assert.Equal(("/v1/load_lora_adapter", loaded.Version, loaded.Path),
            (path, body.GetProperty("lora_name").GetString(), body.GetProperty("lora_path").GetString()));
        await Collect(engine, Request() with { Adapter = loaded.Version });
        Assert.Equal(loaded.Version, Assert.Single(server.Asked).Body.GetProperty("model").GetString());

        server.Posts["/v1/load_lora_adapter"] = (400, """{"error": {"message": "rank 2 is too much"}}""");
        var error = await Assert.ThrowsAsync<RpcException>(() => engine.AddFromFolderAsync(Read(refused), refused.Path, Cancellation));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("rank 2 is too much", error.Status.Detail, StringComparison.Ordinal);

        Assert.True(engine.RemoveAdapter(loaded.Version));
        Assert.True(engine.RemoveAdapter(listed.Version));
        Assert.False(engine.RemoveAdapter(listed.Version));
        await Assert.ThrowsAsync<AdapterNotLoadedException>(() => Collect(engine, Request() with { Adapter = loaded.Version }));

        Models.LoraAdapter Read(AdapterFolder folder) => Models.PeftFolder.Read(folder.Path, model.Model.Description);
    }

    [Fact]
    public async Task A_server_that_loads_no_adapters_is_told_as_such()
    {
        await using var server = await ScriptedServer.StartAsync("llamacpp", tellsTokens: false, scores: false);
        var model = await server.ConnectAsync();
        using var folder = new AdapterFolder(1);

        var error = await Assert.ThrowsAsync<RpcException>(() => model.Engine.AddAdapterAsync(
            Models.PeftFolder.Read(folder.Path, model.Model.Description), null, Cancellation));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains($"does not serve adapter version {folder.Version}", error.Status.Detail, StringComparison.Ordinal);
    }

    private static GenerationRequest Request(int sequences = 1, params string[] stop) => new()
    {
        Prompt = new[] { 1, 2, 3 },
        Sequences = sequences,
        Sampling = new SamplingOptions { MaxTokens = 8, Stop = stop },
    };

    private static async Task<List<GenerationEvent>> Collect(IInferenceEngine engine, GenerationRequest request)
    {
        var happened = new List<GenerationEvent>();
        await foreach (var one in engine.GenerateAsync(request, Cancellation))
        {
            happened.Add(one);
        }

        return happened;
    }
}
