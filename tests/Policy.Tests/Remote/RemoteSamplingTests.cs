using Grpc.Core;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>Bias, penalty, constraint and likeliest tokens toward each kind of server: passed on in its words, or refused.</summary>
public sealed class RemoteSamplingTests
{
    private static readonly SamplingOptions s_plain = new() { MaxTokens = 1 };
    private static readonly Constraint s_regex = Constraint.FromRegex("a+");
    private static readonly Constraint s_grammar = Constraint.FromGrammar("root ::= [a]");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_kind_is_asked_in_its_own_words()
    {
        var all = s_plain with { MinP = 0.5f, LogitBias = new Dictionary<int, float> { [5] = -100, [6] = 2 } };

        var vllm = await Sent("vllm", all with { RepetitionPenalty = 1.5f, Constraint = s_regex, TopLogProbabilities = 4 });
        var sglang = await Sent("sglang", all with { Constraint = s_grammar });
        var llama = await Sent("llamacpp", all with { Constraint = s_grammar });

        Assert.Contains("\"min_p\":0.5", vllm, StringComparison.Ordinal);
        Assert.Contains("\"repetition_penalty\":1.5", vllm, StringComparison.Ordinal);
        Assert.Contains("\"logit_bias\":{\"5\":-100,\"6\":2}", vllm, StringComparison.Ordinal);
        Assert.Contains("\"logprobs\":4", vllm, StringComparison.Ordinal);
        Assert.Contains("\"return_tokens_as_token_ids\":true", vllm, StringComparison.Ordinal);
        Assert.Matches("\"structured_outputs\":{\"regex\":\"a(\\\\u002B|\\+)\"}", vllm);
        Assert.Contains("\"ebnf\":\"root ::= [a]\"", sglang, StringComparison.Ordinal);
        Assert.Contains("\"grammar\":\"root ::= [a]\"", llama, StringComparison.Ordinal);
        Assert.Contains("\"logit_bias\":[[5,false],[6,2]]", llama, StringComparison.Ordinal);
        Assert.DoesNotContain("structured_outputs", sglang + llama, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_kind_would_ignore_or_do_otherwise_is_refused()
    {
        await Refused("vllm", s_plain, "takes no forced_prefix", forced: 7);
        await Refused("somebody", s_plain with { MinP = 0.5f }, "may ignore min_p");
        await Refused("somebody", s_plain with { Constraint = s_grammar }, "may ignore a constraint");
        await Refused("llamacpp", s_plain with { Constraint = s_regex }, "takes no regular expression");
        await Refused("sglang", s_plain with { RepetitionPenalty = 2 }, "repetition_penalty: expected 1");
        await Refused("sglang", s_plain with { TopLogProbabilities = 1 }, "expected top_log_probabilities 0");
    }

    [Fact]
    public async Task The_likeliest_tokens_are_read_by_their_ids_and_the_drawn_one_is_left_out()
    {
        var streamed = await Told("vllm", s_plain with { TopLogProbabilities = 2 }, """
            {"token_logprobs": [-4], "top_logprobs": [{"token_id:64": -4, "token_id:66": -0.75, "token_id:65": -0.5}]}
            """);
        var whole = await Told("llamacpp", s_plain with { TopLogProbabilities = 2 }, """
            {"content": [{"id": 64, "token": "a", "logprob": -4, "top_logprobs": [
                {"id": 65, "token": "b", "logprob": -0.5}, {"id": 66, "token": "c", "logprob": -0.75}]}]}
            """);

        Assert.Equal([new(65, -0.5f), new(66, -0.75f)], streamed.TopLogProbabilities.Single());
        Assert.Equal([new(65, -0.5f), new(66, -0.75f)], whole.TopLogProbabilities.Single());
    }

    [Fact]
    public async Task Changed_logits_leave_one_log_probability_unknown()
    {
        var changed = s_plain with { Temperature = 1, LogitBias = new Dictionary<int, float> { [5] = 1 } };
        const string Value = """{"token_logprobs": [-0.5]}""";

        Assert.Equal((-0.5f, float.NaN), Values(await Told("vllm", changed, Value)));
        Assert.Equal((float.NaN, -0.5f), Values(await Told("sglang", changed, Value)));
        Assert.Equal((float.NaN, float.NaN), Values(await Told("sglang", changed with { MinP = 0.5f }, Value)));
        Assert.Equal((float.NaN, float.NaN), Values(await Told("somebody", changed, Value)));
        Assert.Equal((-0.5f, float.NaN), Values(await Told("vllm", s_plain with { Temperature = 1, Constraint = s_regex }, Value)));
        Assert.Equal((-0.5f, 0f), Values(await Told("vllm", changed with { Temperature = 0 }, Value)));
    }

    [Fact]
    public async Task Only_another_policy_means_by_content_filter_that_no_token_was_left()
    {
        await using var server = await ScriptedServer.StartAsync("vllm");
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = (http, _) => ScriptedServer.EventsAsync(http,
            """{"choices": [{"index": 0, "text": "a", "token_ids": [64], "finish_reason": "content_filter"}]}""", "[DONE]");

        var error = await Assert.ThrowsAsync<RpcException>(() => Collect(engine, s_plain));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    private static (float Model, float Sampling) Values(SequenceChunk chunk) =>
        (chunk.ModelLogProbabilities.Single(), chunk.SamplingLogProbabilities.Single());

    private static async Task<string> Sent(string kind, SamplingOptions sampling)
    {
        await using var server = await ScriptedServer.StartAsync(kind);
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = Answer("""{"token_logprobs": [-1]}""");
        await Collect(engine, sampling);
        return Assert.Single(server.Asked).Body.GetRawText();
    }

    // llama.cpp tells no token ids in a stream, so its answers are asked for whole.
    private static async Task<SequenceChunk> Told(string kind, SamplingOptions sampling, string logprobs)
    {
        var whole = kind == "llamacpp";
        await using var server = await ScriptedServer.StartAsync(kind, tellsTokens: !whole, scores: !whole);
        var engine = (await server.ConnectAsync()).Engine;
        server.Answer = whole ? (http, _) => ScriptedServer.JsonAsync(http, Choice(logprobs, ids: "")) : Answer(logprobs);
        return (await Collect(engine, sampling with { SamplingLogProbabilities = true })).OfType<SequenceChunk>().Single();
    }

    private static async Task Refused(string kind, SamplingOptions sampling, string part, params int[] forced)
    {
        await using var server = await ScriptedServer.StartAsync(kind);
        var engine = (await server.ConnectAsync()).Engine;

        var error = await Assert.ThrowsAsync<RpcException>(() => Collect(engine, sampling with { MaxTokens = 8 }, forced));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains(part, error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    private static Func<Microsoft.AspNetCore.Http.HttpContext, System.Text.Json.JsonElement, Task> Answer(string logprobs) =>
        (http, _) => ScriptedServer.EventsAsync(http, Choice(logprobs, "\"token_ids\": [64], ").ReplaceLineEndings(" "), "[DONE]");

    private static string Choice(string logprobs, string ids) =>
        $$"""{"choices": [{"index": 0, "text": "a", {{ids}}"logprobs": {{logprobs}}, "finish_reason": "length"}]}""";

    private static async Task<List<GenerationEvent>> Collect(IInferenceEngine engine, SamplingOptions sampling, params int[] forced)
    {
        var happened = new List<GenerationEvent>();
        var request = new GenerationRequest { Prompt = new[] { 1, 2, 3 }, ForcedPrefix = forced, Sampling = sampling };
        await foreach (var one in engine.GenerateAsync(request, Cancellation))
        {
            happened.Add(one);
        }

        return happened;
    }
}
