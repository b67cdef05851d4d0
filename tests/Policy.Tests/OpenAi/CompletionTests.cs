using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary><c>/v1/completions</c> and <c>/v1/models</c> over a scripted engine.</summary>
public sealed class CompletionTests
{
    private static readonly string s_model = EmbeddedModel.Shared.Id;

    private static readonly GenerationEvent[] s_twoSequences =
    [
        new PromptAccepted(2),
        new SequenceChunk(0, [64, 65], "ab", [-0.25f, -0.5f], [-1f, -2f]),
        new SequenceChunk(1, [66], "c", [-0.125f], [-3f]),
        new SequenceFinished(1, FinishReason.StopString, "\n\n", "c", [66, 271]),
        new SequenceChunk(0, [67], "d", [-0.75f], [float.NaN]),
        new SequenceFinished(0, FinishReason.MaxTokens, null, "abd", [64, 65, 67]),
        new GenerationUsage(5, 2, 4, default, default, default),
    ];

    [Fact]
    public async Task A_whole_answer_has_all_sequences_in_order_and_the_cost()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(s_twoSequences, stop) };
        await using var host = await OpenAiHost.StartAsync(engine);

        var (status, answer, _) = await host.PostAsync("completions", Body("""
            "prompt": [1, 2, 3, 4, 5], "n": 2, "logprobs": 1, "return_token_ids": true, "return_sampling_logprobs": true, "stop": ["\n\n", "#"], "seed": 18446744073709551615,
            "temperature": 0.5, "top_p": 0.9, "top_k": 40, "max_tokens": 8
            """));

        Assert.Equal(200, status);
        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        Assert.Equal(s_model, answer.GetProperty("model").GetString());
        Assert.Equal(["abd", "c"], Choices(answer).Select(choice => choice.GetProperty("text").GetString()));
        Assert.Equal(["length", "stop"], Choices(answer).Select(choice => choice.GetProperty("finish_reason").GetString()));
        Assert.Equal("\n\n", Choices(answer)[1].GetProperty("stop_reason").GetString());
        Assert.Equal("[64,65,67]", Choices(answer)[0].GetProperty("token_ids").GetRawText());
        Assert.Equal("[1,2,3,4,5]", Choices(answer)[0].GetProperty("prompt_token_ids").GetRawText());
        var told = Choices(answer)[0].GetProperty("logprobs");
        Assert.Equal("[-1,-2,null]", told.GetProperty("token_logprobs").GetRawText());
        Assert.Equal("[-0.25,-0.5,-0.75]", told.GetProperty("token_sampling_logprobs").GetRawText());
        Assert.Equal("[0,1,2]", told.GetProperty("text_offset").GetRawText());
        Assert.Equal(["a", "b", "d"], told.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        var usage = answer.GetProperty("usage");
        Assert.Equal((5, 4, 9, 2), (Number(usage, "prompt_tokens"), Number(usage, "completion_tokens"), Number(usage, "total_tokens"),
            Number(usage.GetProperty("prompt_tokens_details"), "cached_tokens")));

        var asked = engine.Asked!;
        Assert.Equal([1, 2, 3, 4, 5], asked.Prompt.ToArray());
        Assert.Equal((2, 0.5f, 40, 0.9f, 8, ulong.MaxValue), (asked.Sequences, asked.Sampling.Temperature, asked.Sampling.TopK,
            asked.Sampling.TopP, asked.Sampling.MaxTokens, asked.Sampling.Seed));
        Assert.Equal(["\n\n", "#"], asked.Sampling.Stop);
    }

    [Fact]
    public async Task A_stream_tells_each_part_and_ends_with_the_cost_and_done()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(s_twoSequences, stop) };
        await using var host = await OpenAiHost.StartAsync(engine);

        var events = await host.StreamAsync("completions", Body("""
            "prompt": "def f():", "n": 2, "stream": true, "stream_options": {"include_usage": true}, "logprobs": 0
            """));

        Assert.Equal("[DONE]", events[^1]);
        var parts = events[..^1].Select(data => JsonDocument.Parse(data).RootElement).ToArray();
        Assert.Equal(
            [(0, "ab", null), (1, "c", null), (1, "", "stop"), (0, "d", null), (0, "", "length")],
            parts[..^1].Select(part => Choices(part).Single()).Select(choice => (Number(choice, "index"),
                choice.GetProperty("text").GetString()!, choice.GetProperty("finish_reason").GetString())));
        Assert.Equal(["[0,1]", "[0]", "[2]"], parts.SelectMany(Choices)
            .Where(choice => choice.GetProperty("logprobs").ValueKind == JsonValueKind.Object)
            .Select(choice => choice.GetProperty("logprobs").GetProperty("text_offset").GetRawText()));
        Assert.Empty(Choices(parts[^1]));
        Assert.Equal(9, Number(parts[^1].GetProperty("usage"), "total_tokens"));
        Assert.Equal(EmbeddedModel.Shared.Tokenizer.Encode("def f():", parseSpecial: false), engine.Asked!.Prompt.ToArray());
        Assert.Equal((1f, 1f, 0, 16), (engine.Asked.Sampling.Temperature, engine.Asked.Sampling.TopP, engine.Asked.Sampling.TopK,
            engine.Asked.Sampling.MaxTokens));
    }

    [Fact]
    public async Task Without_a_seed_each_request_has_its_own()
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);

        await host.PostAsync("completions", Body("\"prompt\": \"x\""));
        var first = engine.Asked!.Sampling.Seed;
        await host.PostAsync("completions", Body("\"prompt\": \"x\""));

        Assert.NotEqual(first, engine.Asked.Sampling.Seed);
    }

    [Fact]
    public async Task Echo_without_an_answer_scores_the_prompt()
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);

        var (status, answer, _) = await host.PostAsync("completions", Body("""
            "prompt": [64, 65, 66], "echo": true, "max_tokens": 0, "logprobs": 1
            """));

        Assert.Equal(200, status);
        Assert.Equal("abc", Choices(answer).Single().GetProperty("text").GetString());
        Assert.Equal("[null,-0.5,-1]", Choices(answer)[0].GetProperty("logprobs").GetProperty("token_logprobs").GetRawText());
        Assert.Equal(0, Number(answer.GetProperty("usage"), "completion_tokens"));
        Assert.Equal([64], engine.AskedToScore!.Value.Prompt);
        Assert.Equal([65, 66], engine.AskedToScore.Value.Continuation);
    }

    [Fact]
    public async Task A_token_that_is_no_whole_character_is_told_as_bytes()
    {
        var split = EmbeddedModel.Shared.Tokenizer.Encode("🜁", parseSpecial: false);
        Assert.True(split.Length > 1);
        var engine = new ScriptedEngine
        {
            Script = stop => ScriptedEngine.Of(
            [
                new SequenceChunk(0, split, "🜁", new float[split.Length], new float[split.Length]),
                new SequenceFinished(0, FinishReason.EndOfTurn, null, "🜁", split),
            ], stop),
        };
        await using var host = await OpenAiHost.StartAsync(engine);

        var (_, answer, _) = await host.PostAsync("completions", Body("\"prompt\": \"x\", \"logprobs\": 0"));

        var tokens = Choices(answer).Single().GetProperty("logprobs").GetProperty("tokens").EnumerateArray().ToArray();
        Assert.All(tokens, token => Assert.StartsWith("bytes:\\x", token.GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Adapters_are_models_of_their_name()
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);
        using var folder = new AdapterFolder(1);
        var adapters = (AdapterRegistry)host.Services.GetService(typeof(AdapterRegistry))!;
        var loaded = ((ModelHost)host.Services.GetService(typeof(ModelHost))!).Require();
        await adapters.LoadAsync("mine", folder.Path, loaded, TestContext.Current.CancellationToken);

        using var list = JsonDocument.Parse(await host.Client.GetStringAsync("models", TestContext.Current.CancellationToken));
        using var card = JsonDocument.Parse(await host.Client.GetStringAsync("models/mine", TestContext.Current.CancellationToken));
        var (status, _, _) = await host.PostAsync("completions", """{"model": "mine", "prompt": "x"}""");

        Assert.Equal([s_model, "mine"], list.RootElement.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
        Assert.Equal(256, Number(list.RootElement.GetProperty("data")[0], "max_model_len"));
        Assert.Equal((s_model, folder.Version), (card.RootElement.GetProperty("parent").GetString(), card.RootElement.GetProperty("version").GetString()));
        Assert.Equal(200, status);
        Assert.Equal(folder.Version, engine.Asked!.Adapter);
    }

    private static string Body(string fields) => $$"""{"model": "{{s_model}}", {{fields}}}""";

    private static JsonElement[] Choices(JsonElement answer) => [.. answer.GetProperty("choices").EnumerateArray()];

    private static int Number(JsonElement element, string field) => element.GetProperty(field).GetInt32();
}
