namespace O1Coder.Models;

/// <summary>
/// Renders a chat as the model's own template does, which is Jinja. Only the template makes control tokens: contents are encoded
/// as plain text, whatever they spell; tokens that were added as text, such as <c>&lt;think&gt;</c>, stay what they are.
/// </summary>
public sealed class ChatTemplate
{
    private const string TemplateKey = "tokenizer.chat_template";

    // Characters that Unicode keeps for a program's own use: one that no content has stands within what a content spells.
    private const char FirstGuard = '\uFDD0', LastGuard = '\uFDEF';

    private readonly BpeTokenizer _tokenizer;
    private readonly Template _template;
    private readonly IReadOnlyDictionary<string, string> _tokens;

    /// <summary>Takes a template.</summary>
    /// <param name="name">The file and field that it stands in, for messages.</param>
    /// <param name="source">Its text.</param>
    /// <param name="tokens">Names of tokens that it may use, such as <c>bos_token</c>, and what they are.</param>
    /// <param name="tokenizer">Turns what it writes into ids.</param>
    /// <exception cref="ModelFormatException">It is not valid, or has what is not known.</exception>
    internal ChatTemplate(string name, string source, IReadOnlyDictionary<string, string> tokens, BpeTokenizer tokenizer)
    {
        _template = Template.Read(name, source);
        (_tokens, _tokenizer) = (tokens, tokenizer);
    }

    /// <summary>Reads the template of a GGUF file.</summary>
    /// <exception cref="ModelFormatException">There is none, it is not valid, or has what is not known.</exception>
    public static ChatTemplate Create(GgufMetadata metadata, BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var spellings = metadata.GetStrings("tokenizer.ggml.tokens");
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "bos", "eos" })
        {
            if (metadata.Contains($"tokenizer.ggml.{name}_token_id"))
            {
                tokens[$"{name}_token"] = spellings[metadata.GetInt32($"tokenizer.ggml.{name}_token_id", 0, spellings.Count - 1)];
            }
        }

        return new ChatTemplate(metadata.Locate(TemplateKey), metadata.GetString(TemplateKey), tokens, tokenizer);
    }

    /// <summary>Renders a chat.</summary>
    /// <param name="messages">The messages in order, at least one.</param>
    /// <param name="addGenerationPrompt">Whether the assistant's opening follows.</param>
    /// <returns>Token ids of <see cref="RenderText"/>; control tokens that a content spells are not among them.</returns>
    /// <exception cref="ArgumentException">
    /// There is no message, a role is not known, a content has half of a surrogate pair, or the template refuses the chat.
    /// </exception>
    /// <exception cref="ModelFormatException">The template does what is not known.</exception>
    public int[] Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        Check(messages);
        var guard = FirstGuard;
        while (_template.Source.Contains(guard, StringComparison.Ordinal) || messages.Any(message => message.Content.Contains(guard, StringComparison.Ordinal)))
        {
            guard = guard < LastGuard ? (char)(guard + 1)
                : throw new ArgumentException("the contents have every one of U+FDD0 to U+FDEF, which are no characters: expected one that they have not", nameof(messages));
        }

        return _tokenizer.EncodeGuarded(Write(messages, addGenerationPrompt, content => Guard(content, guard)), guard);
    }

    /// <summary>Renders a chat as text, with nothing to tell the contents' spelling from the template's tokens.</summary>
    /// <inheritdoc cref="Render" path="/param"/>
    /// <inheritdoc cref="Render" path="/exception"/>
    public string RenderText(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        Check(messages);
        return Write(messages, addGenerationPrompt, content => content);
    }

    private static void Check(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            throw new ArgumentException("the chat is empty: expected at least one message", nameof(messages));
        }

        foreach (var (place, message) in messages.Index())
        {
            if (!Enum.IsDefined(message.Role))
            {
                throw new ArgumentException($"role of message {place} is {message.Role}: expected system, user or assistant", nameof(messages));
            }

            BpeTokenizer.RequireWellFormed(message.Content);
        }
    }

    private string Guard(string content, char guard)
    {
        foreach (var control in _tokenizer.ControlTexts)
        {
            if (control.Length > 1 && content.Contains(control, StringComparison.Ordinal))
            {
                content = content.Replace(control, control.Insert(1, guard.ToString()), StringComparison.Ordinal);
            }
        }

        return content;
    }

    private string Write(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, Func<string, string> content)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = messages.Select(message => (object?)new TemplateMap
            {
                ["role"] = message.Role.ToString().ToLowerInvariant(),
                ["content"] = content(message.Content),
            }).ToList(),
            ["add_generation_prompt"] = addGenerationPrompt,
            ["tools"] = null,
            ["documents"] = null,
        };
        foreach (var (name, token) in _tokens)
        {
            values[name] = token;
        }

        return _template.Render(values);
    }
}
