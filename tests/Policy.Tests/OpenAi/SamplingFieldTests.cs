using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>What requests say about sampling beside temperature and truncation, and the likeliest tokens in answers.</summary>
public sealed class SamplingFieldTests
{
    private static readonly string s_model = EmbeddedModel.Shared.Id;

    [Fact]
    public async Task Biases_min_p_and_repetition_penalty_reach_the_engine()
    {
        var sampling = await Asked("""
            "logit_bias": {"5": -100, "6": 1.5}, "min_p": 0.25, "top_k": 7, "repetition_penalty": 1.5,
            "presence_penalty": 0, "frequency_penalty": 0, "response_format": {"type": "text"}, "logprobs": 3
            """);

        Assert.Equal([KeyValuePair.Create(5, -100f), KeyValuePair.Create(6, 1.5f)], sampling.LogitBias.OrderBy(one => one.Key));
        Assert.Equal((0.25f, 7, 1.5f, 3), (sampling.MinP, sampling.TopK, sampling.RepetitionPenalty, sampling.TopLogProbabilities));
        Assert.Null(sampling.Constraint);
    }

    [Theory]
    [InlineData("""  "guided_regex": "a+"  """, ConstraintKind.Regex, "a+")]
    [InlineData("""  "regex": "a+"  """, ConstraintKind.Regex, "a+")]
    [InlineData("""  "structured_outputs": {"regex": "a+", "json": null}  """, ConstraintKind.Regex, "a+")]
    [InlineData("""  "structured_outputs": {"grammar": "root ::= [a]"}  """, ConstraintKind.Grammar, "root ::= [a]")]
    [InlineData("""  "guided_grammar": "root ::= [a]"  """, ConstraintKind.Grammar, "root ::= [a]")]
    [InlineData("""  "ebnf": "root ::= [a]"  """, ConstraintKind.Grammar, "root ::= [a]")]
    [InlineData("""  "grammar": "root ::= [a]"  """, ConstraintKind.Grammar, "root ::= [a]")]
    [InlineData("""  "response_format": {"type": "json_object"}  """, ConstraintKind.Grammar, "root   ::= object")]
    [InlineData("""  "structured_outputs": {"json_object": true}  """, ConstraintKind.Grammar, "root   ::= object")]
    public async Task Each_name_of_a_constraint_is_read(string field, ConstraintKind kind, string begins)
    {
        var constraint = (await Asked(field)).Constraint!;

        Assert.Equal(kind, constraint.Kind);
        Assert.StartsWith(begins, constraint.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_completion_tells_the_likeliest_tokens_and_the_drawn_one()
    {
        await using var host = await OpenAiHost.StartAsync(Engine());

        var (_, spelled, _) = await host.PostAsync("completions", Body("\"prompt\": \"x\", \"logprobs\": 2"));
        var (_, named, _) = await host.PostAsync("completions", Body("\"prompt\": \"x\", \"logprobs\": 2, \"return_tokens_as_token_ids\": true"));

        Assert.Equal("""[{"b":-0.5,"c":-0.75,"a":-4}]""", Logprobs(spelled).GetProperty("top_logprobs").GetRawText());
        Assert.Equal("""["token_id:64"]""", Logprobs(named).GetProperty("tokens").GetRawText());
        Assert.Equal("""[{"token_id:65":-0.5,"token_id:66":-0.75,"token_id:64":-4}]""", Logprobs(named).GetProperty("top_logprobs").GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_tells_the_likeliest_tokens(bool stream)
    {
        var engine = Engine();
        await using var host = await OpenAiHost.StartAsync(engine);
        var body = Body("\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"logprobs\": true, \"top_logprobs\": 2"
            + (stream ? ", \"stream\": true" : ""));

        var told = stream
            ? (await host.StreamAsync("chat/completions", body)).SkipLast(1).Select(data => JsonDocument.Parse(data).RootElement)
                .Select(Logprobs).Single(logprobs => logprobs.ValueKind == JsonValueKind.Object)
            : Logprobs((await host.PostAsync("chat/completions", body)).Answer);

        var token = Assert.Single(told.GetProperty("content").EnumerateArray());
        Assert.Equal(("a", -4f), (token.GetProperty("token").GetString(), token.GetProperty("logprob").GetSingle()));
        Assert.Equal([("b", -0.5f), ("c", -0.75f)], token.GetProperty("top_logprobs").EnumerateArray()
            .Select(one => (one.GetProperty("token").GetString()!, one.GetProperty("logprob").GetSingle())));
        Assert.Equal(2, engine.Asked!.Sampling.TopLogProbabilities);
    }

    [Fact]
    public async Task An_answer_without_a_token_left_is_not_told_as_whole()
    {
        await using var host = await OpenAiHost.StartAsync(Engine());

        var (_, answer, _) = await host.PostAsync("completions", Body("\"prompt\": \"x\""));

        Assert.Equal("content_filter", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    private static async Task<SamplingOptions> Asked(string fields)
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);
        var (status, answer, _) = await host.PostAsync("completions", Body($"\"prompt\": \"x\", {fields}"));
        Assert.True(status == 200, answer.GetRawText());
        return engine.Asked!.Sampling;
    }

    private static ScriptedEngine Engine() => new()
    {
        Script = stop => ScriptedEngine.Of(
        [
            new PromptAccepted(0),
            new SequenceChunk(0, [64], "a", [-1f], [-4f]) { TopLogProbabilities = [[new(65, -0.5f), new(66, -0.75f)]] },
            new SequenceFinished(0, FinishReason.NoToken, null, "a", [64]),
        ], stop),
    };

    private static JsonElement Logprobs(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("logprobs");

    private static string Body(string fields) => $$"""{"model": "{{s_model}}", {{fields}}}""";
}
