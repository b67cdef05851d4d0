using System.Text.Json;
using O1Coder.Models;

namespace O1Coder.Policy.OpenAi;

/// <summary>Turns prompts and chats into token ids, field by field checked.</summary>
internal static class OpenAiPrompt
{
    /// <summary>Reads the prompt of a text completion.</summary>
    /// <param name="prompt">A text, a list of token ids, or a list of one of these.</param>
    /// <param name="loaded">The model that is to read it.</param>
    /// <param name="most">The most tokens that are allowed.</param>
    /// <exception cref="OpenAiException">It is none of these, has no token or too many.</exception>
    public static int[] Read(JsonElement? prompt, LoadedModel loaded, int most)
    {
        if (prompt is not { } given)
        {
            throw OpenAiException.Wrong("prompt", null, "a text or a list of token ids");
        }

        if (given.ValueKind == JsonValueKind.Array && given.GetArrayLength() > 0
            && given[0].ValueKind is JsonValueKind.String or JsonValueKind.Array)
        {
            OpenAiException.ThrowUnless(given.GetArrayLength() == 1, "prompt", $"{given.GetArrayLength()} prompts", "one");
            given = given[0];
        }

        var tokens = given.ValueKind switch
        {
            JsonValueKind.String => Encode(RequestReader.Text(given, "prompt"), "prompt", loaded, most),
            JsonValueKind.Array => [.. given.EnumerateArray().Select((id, i) => Token(id, $"prompt[{i}]", loaded.Model.Tokenizer))],
            _ => throw OpenAiException.Wrong("prompt", given.ValueKind, "a text or a list of token ids"),
        };
        return Check(tokens, "prompt", most);
    }

    /// <summary>Reads a chat and renders it with the model's template, up to where the assistant begins to answer.</summary>
    /// <exception cref="OpenAiException">A message cannot be served, or the chat is too long.</exception>
    public static int[] Read(IReadOnlyList<ChatRequestMessage?>? chat, LoadedModel loaded, int most)
    {
        if (chat is null || chat.Count == 0)
        {
            throw OpenAiException.Wrong("messages", chat is null ? null : "empty", "at least one message");
        }

        var messages = new List<ChatMessage>();
        var letters = 0L;
        for (var i = 0; i < chat.Count; i++)
        {
            var content = Content(chat[i]?.Content, $"messages[{i}].content");
            messages.Add(new ChatMessage(Role(chat[i]?.Role, $"messages[{i}].role"), content));
            letters += content.Length;
        }

        CheckLetters(letters, "messages", loaded, most);
        return Check(loaded.Model.ChatTemplate.Render(messages, addGenerationPrompt: true), "messages", most);
    }

    private static ChatRole Role(string? role, string field) => role switch
    {
        "system" or "developer" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => throw OpenAiException.Wrong(field, role, "system, developer, user or assistant"),
    };

    private static string Content(JsonElement? content, string field) => content switch
    {
        { ValueKind: JsonValueKind.String } text => RequestReader.Text(text, field),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(
            parts.EnumerateArray().Select((part, i) => Part(part, $"{field}[{i}]"))),
        _ => throw OpenAiException.Wrong(field, content?.ValueKind, "a text or a list of parts of type 'text'"),
    };

    private static string Part(JsonElement part, string field)
    {
        var type = part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var named) ? named.ToString() : null;
        OpenAiException.ThrowUnless(type == "text", $"{field}.type", type, "text");
        return part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? RequestReader.Text(text, $"{field}.text")
            : throw OpenAiException.Wrong($"{field}.text", null, "a text");
    }

    private static int[] Encode(string text, string field, LoadedModel loaded, int most)
    {
        CheckLetters(text.Length, field, loaded, most);
        return loaded.Model.Tokenizer.Encode(text, parseSpecial: false);
    }

    // Encoding is only worth its time for what may fit: a token has no more than LongestToken bytes.
    private static void CheckLetters(long letters, string field, LoadedModel loaded, int most)
    {
        if (letters > (long)most * loaded.LongestToken)
        {
            throw TooLong(field, $"{letters} characters", most);
        }
    }

    private static int Token(JsonElement id, string field, ITokenizer tokenizer) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var token) && token >= 0 && token < tokenizer.VocabularySize
            ? token
            : throw OpenAiException.Wrong(field, id, $"a token id from 0 to {tokenizer.VocabularySize - 1}");

    private static int[] Check(int[] tokens, string field, int most)
    {
        OpenAiException.ThrowUnless(tokens.Length > 0, field, "0 tokens", "at least one token");
        return tokens.Length <= most ? tokens : throw TooLong(field, $"{tokens.Length} tokens", most);
    }

    private static OpenAiException TooLong(string field, string held, int most) => OpenAiException.Invalid(
        field, $"{field} is '{held}': expected at most {most} tokens", "context_length_exceeded");
}
