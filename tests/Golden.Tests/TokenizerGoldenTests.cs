using System.Text.Json;
using O1Coder.Models;

namespace O1Coder.Golden.Tests;

/// <summary>The embedded model's tokenizer against Hugging Face's; the numbers are copied, never adjusted.</summary>
public sealed class TokenizerGoldenTests
{
    private static readonly JsonDocument s_golden = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "tokenizer-qwen2.5-coder.json")));

    private static readonly Lazy<(ITokenizer Tokenizer, ChatTemplate Template)> s_model = new(() =>
    {
        using var model = LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false);
        return (model.Tokenizer, model.ChatTemplate);
    });

    [Fact]
    public void Every_case_gives_its_ids()
    {
        var cases = s_golden.RootElement.GetProperty("cases");
        Assert.Equal(200, cases.GetArrayLength());
        Assert.All(cases.EnumerateArray(), example =>
            Assert.Equal(Ids(example), s_model.Value.Tokenizer.Encode(example.GetProperty("text").GetString()!, parseSpecial: true)));
    }

    [Fact]
    public void Every_case_decodes_to_its_text() =>
        Assert.All(s_golden.RootElement.GetProperty("cases").EnumerateArray(), example =>
            Assert.Equal(example.GetProperty("decoded").GetString(), s_model.Value.Tokenizer.Decode(Ids(example))));

    [Fact]
    public void Every_chat_gives_its_text_and_that_text_its_ids()
    {
        var chats = s_golden.RootElement.GetProperty("chat_template");
        Assert.Equal(4, chats.GetArrayLength());
        Assert.All(chats.EnumerateArray(), chat =>
        {
            var messages = chat.GetProperty("messages").EnumerateArray().Select(message => new ChatMessage(
                Enum.Parse<ChatRole>(message.GetProperty("role").GetString()!, ignoreCase: true),
                message.GetProperty("content").GetString()!));
            var ids = s_model.Value.Template.Render([.. messages], chat.GetProperty("add_generation_prompt").GetBoolean());

            Assert.Equal(chat.GetProperty("text").GetString(), s_model.Value.Tokenizer.Decode(ids));
            Assert.Equal(s_model.Value.Tokenizer.Encode(chat.GetProperty("text").GetString()!, parseSpecial: true), ids);
        });
    }

    private static int[] Ids(JsonElement example) =>
        [.. example.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
}
