using Google.Protobuf.Collections;
using O1Coder.Models;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Turns the prompts of requests into token ids, field by field checked.</summary>
internal static class PromptReader
{
    /// <summary>Reads a prompt.</summary>
    /// <param name="prompt">The prompt, or null if the request has none.</param>
    /// <param name="field">The field's name in the request, for errors.</param>
    /// <param name="loaded">The model that is to read it.</param>
    /// <param name="most">The most tokens that are allowed.</param>
    /// <param name="optional">Whether it may be absent or without a token.</param>
    /// <returns>The tokens of all parts one after another, 1 to <paramref name="most"/>, or none where that is allowed.</returns>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static int[] Read(V1.Prompt? prompt, string field, LoadedModel loaded, int most, bool optional = false)
    {
        if (prompt is null || prompt.Parts.Count == 0)
        {
            if (optional)
            {
                return [];
            }

            InvalidArgument.Throw($"{field}.parts", "empty", "at least one part");
        }

        // Encoding is only worth its time for what may fit: a token has no more than LongestToken bytes.
        var letters = prompt.Parts.Sum(Letters);
        InvalidArgument.ThrowUnless(letters <= (long)most * loaded.LongestToken, field,
            $"{letters} characters", $"a text of at most {most} tokens");

        var tokens = new List<int>();
        for (var i = 0; i < prompt.Parts.Count; i++)
        {
            tokens.AddRange(ReadPart(prompt.Parts[i], $"{field}.parts[{i}]", loaded.Model));
            InvalidArgument.ThrowUnless(tokens.Count <= most, field,
                $"{tokens.Count} tokens up to part {i}", $"at most {most} tokens");
        }

        InvalidArgument.ThrowUnless(tokens.Count > 0 || optional, field, "0 tokens", "at least one token");
        return [.. tokens];
    }

    /// <summary>Reads what every answer is to begin with.</summary>
    /// <param name="prefix">The prefix, or null.</param>
    /// <param name="field">The field's name in the request, for errors.</param>
    /// <param name="loaded">The model that is to go on from it.</param>
    /// <param name="most">The most tokens that are allowed.</param>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static int[] ReadForced(V1.Prompt? prefix, string field, LoadedModel loaded, int most)
    {
        for (var i = 0; i < (prefix?.Parts.Count ?? 0); i++)
        {
            InvalidArgument.ThrowUnless(prefix!.Parts[i].KindCase != V1.PromptPart.KindOneofCase.Chat, $"{field}.parts[{i}].kind", "Chat",
                "text or tokens");
        }

        var tokens = Read(prefix, field, loaded, most, optional: true);
        foreach (var token in loaded.Model.Description.EndOfTurnTokens)
        {
            InvalidArgument.ThrowUnless(!tokens.Contains(token), field, $"token {token}", "no token that ends a turn");
        }

        return tokens;
    }

    private static long Letters(V1.PromptPart part) => part.KindCase switch
    {
        V1.PromptPart.KindOneofCase.Text => part.Text.Length,
        V1.PromptPart.KindOneofCase.Chat => part.Chat.Messages.Sum(message => (long)message.Content.Length),
        _ => 0,
    };

    private static IReadOnlyList<int> ReadPart(V1.PromptPart part, string field, LanguageModel model)
    {
        switch (part.KindCase)
        {
            case V1.PromptPart.KindOneofCase.Chat:
                return ReadChat(part.Chat, $"{field}.chat", model);
            case V1.PromptPart.KindOneofCase.Text:
                RequireWellFormed(part.Text, $"{field}.text");
                return model.Tokenizer.Encode(part.Text, parseSpecial: false);
            case V1.PromptPart.KindOneofCase.Tokens:
                return ReadTokens(part.Tokens.Ids, $"{field}.tokens", model.Tokenizer.VocabularySize);
            default:
                InvalidArgument.Throw($"{field}.kind", part.KindCase, "chat, text or tokens");
                return [];
        }
    }

    private static int[] ReadChat(V1.ChatPrompt chat, string field, LanguageModel model)
    {
        InvalidArgument.ThrowUnless(chat.Messages.Count > 0, $"{field}.messages", "empty", "at least one message");
        var messages = new List<ChatMessage>();
        for (var i = 0; i < chat.Messages.Count; i++)
        {
            var (message, name) = (chat.Messages[i], $"{field}.messages[{i}]");
            RequireWellFormed(message.Content, $"{name}.content");
            messages.Add(new ChatMessage(ReadRole(message.Role, $"{name}.role"), message.Content));
        }

        return model.ChatTemplate.Render(messages, addGenerationPrompt: true);
    }

    private static ChatRole ReadRole(V1.ChatRole role, string field)
    {
        switch (role)
        {
            case V1.ChatRole.System:
                return ChatRole.System;
            case V1.ChatRole.User:
                return ChatRole.User;
            case V1.ChatRole.Assistant:
                return ChatRole.Assistant;
            default:
                InvalidArgument.Throw(field, role, "system, user or assistant");
                return default;
        }
    }

    private static RepeatedField<int> ReadTokens(RepeatedField<int> ids, string field, int vocabulary)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            InvalidArgument.ThrowUnless(ids[i] >= 0 && ids[i] < vocabulary, $"{field}.ids[{i}]", ids[i],
                $"a token id from 0 to {vocabulary - 1}");
        }

        return ids;
    }

    /// <summary>Refuses text with half of a surrogate pair, which no tokenizer can take.</summary>
    internal static void RequireWellFormed(string text, string field)
    {
        var position = SurrogateHalf(text);
        InvalidArgument.ThrowUnless(position < 0, field, $"half of a surrogate pair at {position}", "well-formed Unicode");
    }

    private static int SurrogateHalf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
