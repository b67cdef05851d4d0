using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>OpenAI's own client, talking to this service.</summary>
public sealed class OfficialClientTests
{
    private static readonly GenerationEvent[] s_answer =
    [
        new PromptAccepted(4),
        new SequenceChunk(0, [64], "a", [-0.1f], [-0.5f]),
        new SequenceChunk(0, [65, 66], "bc", [-0.1f, -0.1f], [-1f, -1.5f]),
        new SequenceFinished(0, FinishReason.EndOfTurn, null, "abc", [64, 65, 66]),
        new GenerationUsage(20, 4, 3, default, default, default),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_is_answered_with_log_probabilities_and_usage()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(s_answer, stop) };
        await using var host = await OpenAiHost.StartAsync(engine);

        ChatCompletion answer = await Client(host).CompleteChatAsync(
            [new SystemChatMessage("Be short."), new UserChatMessage("Write f.")],
            new ChatCompletionOptions { IncludeLogProbabilities = true, MaxOutputTokenCount = 12, Temperature = 0.5f, StopSequences = { "END" } },
            Cancellation);

        Assert.Equal("abc", answer.Content.Single().Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal([-0.5f, -1f, -1.5f], answer.ContentTokenLogProbabilities.Select(token => token.LogProbability));
        Assert.Equal(["a", "b", "c"], answer.ContentTokenLogProbabilities.Select(token => token.Token));
        Assert.Equal((20, 3, 4), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.InputTokenDetails.CachedTokenCount));
        Assert.Equal((12, 0.5f), (engine.Asked!.Sampling.MaxTokens, engine.Asked.Sampling.Temperature));
        Assert.Equal(["END"], engine.Asked.Sampling.Stop);
        Assert.Equal(
            "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWrite f.<|im_end|>\n<|im_start|>assistant\n",
            EmbeddedModel.Shared.Tokenizer.Decode(engine.Asked.Prompt.Span));
    }

    [Fact]
    public async Task A_chat_is_streamed()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of(s_answer, stop) };
        await using var host = await OpenAiHost.StartAsync(engine);
        var text = "";
        var finish = new List<ChatFinishReason>();
        var logProbabilities = new List<float>();
        ChatTokenUsage? usage = null;

        await foreach (var update in Client(host).CompleteChatStreamingAsync(
            [new UserChatMessage("Write f.")], new ChatCompletionOptions { IncludeLogProbabilities = true }, Cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish.AddRange(update.FinishReason is { } reason ? [reason] : []);
            logProbabilities.AddRange(update.ContentTokenLogProbabilities.Select(token => token.LogProbability));
            usage = update.Usage ?? usage;
        }

        Assert.Equal("abc", text);
        Assert.Equal([ChatFinishReason.Stop], finish);
        Assert.Equal([-0.5f, -1f, -1.5f], logProbabilities);
        Assert.Equal(23, usage?.TotalTokenCount);
    }

    [Fact]
    public async Task An_unknown_model_and_the_list_of_models_are_told_as_the_client_expects()
    {
        await using var host = await OpenAiHost.StartAsync(new ScriptedEngine());

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client(host, "none").CompleteChatAsync(new UserChatMessage("x")));
        var models = await Whole(host).GetOpenAIModelClient().GetModelsAsync(Cancellation);

        Assert.Equal(404, error.Status);
        Assert.Contains("model is 'none'", error.Message, StringComparison.Ordinal);
        Assert.Equal([EmbeddedModel.Shared.Id], models.Value.Select(model => model.Id));
    }

    private static ChatClient Client(OpenAiHost host, string? model = null) => Whole(host).GetChatClient(model ?? EmbeddedModel.Shared.Id);

    private static OpenAIClient Whole(OpenAiHost host) =>
        new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(host.Address) });
}
