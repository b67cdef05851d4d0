using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace O1Coder.Policy;

/// <summary>Messages as OpenTelemetry's conventions for generative AI write them into an attribute: JSON, a list.</summary>
internal static class GenAiMessages
{
    /// <summary>Characters of one message that are kept: its beginning and its end.</summary>
    public const int MostCharacters = 16 << 10;

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What went in: the prompt as the model saw it, the chat's markers with it.</summary>
    /// <param name="prompt">Its text.</param>
    public static string Input(string prompt) => new JsonArray(Message("user", prompt)).ToJsonString(s_readable);

    /// <summary>What came out, one message a sequence.</summary>
    /// <param name="sequences">Text and reason of the end of each.</param>
    public static string Output(IEnumerable<(string Text, string FinishReason)> sequences) => new JsonArray([.. sequences.Select(one =>
    {
        var message = Message("assistant", one.Text);
        message["finish_reason"] = one.FinishReason;
        return message;
    })]).ToJsonString(s_readable);

    private static JsonObject Message(string role, string text) => new()
    {
        ["role"] = role,
        ["parts"] = new JsonArray(new JsonObject { ["type"] = "text", ["content"] = Cut(text) }),
    };

    private static string Cut(string text) => text.Length <= MostCharacters
        ? text
        : $"{text[..(MostCharacters / 2)]}\n… {text.Length - MostCharacters} characters …\n{text[^(MostCharacters / 2)..]}";
}
