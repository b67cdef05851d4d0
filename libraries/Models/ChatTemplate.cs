using System.Text.RegularExpressions;

namespace O1Coder.Models;

/// <summary>
/// Renders a chat as token ids in ChatML, as the templates of the Qwen2 and Qwen2.5 models do without tools:
/// <code>
/// &lt;|im_start|&gt;ROLE\nCONTENT&lt;|im_end|&gt;\n   for each message
/// &lt;|im_start|&gt;assistant\n                  where the assistant is to answer
/// </code>
/// with the template's own system message first if the chat begins without one. Only the template makes special tokens:
/// contents are encoded as plain text, whatever they spell.
/// </summary>
public sealed partial class ChatTemplate
{
    private const string TemplateKey = "tokenizer.chat_template";
    private const string TurnStart = "<|im_start|>";
    private const string TurnEnd = "<|im_end|>";

    private readonly ITokenizer _tokenizer;
    private readonly int _turnStart;
    private readonly int _turnEnd;

    private ChatTemplate(ITokenizer tokenizer, int turnStart, int turnEnd, string? defaultSystem)
    {
        _tokenizer = tokenizer;
        _turnStart = turnStart;
        _turnEnd = turnEnd;
        DefaultSystemMessage = defaultSystem;
    }

    /// <summary>The system message of a chat that begins without one, or null for none.</summary>
    public string? DefaultSystemMessage { get; }

    /// <summary>Recognises a model's template.</summary>
    /// <exception cref="ModelFormatException">There is none, or it is none of those known.</exception>
    public static ChatTemplate Create(GgufMetadata metadata, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var template = metadata.GetString(TemplateKey);
        var start = tokenizer.FindSpecialToken(TurnStart);
        var end = tokenizer.FindSpecialToken(TurnEnd);
        if (start is null || end is null || !TurnPattern().IsMatch(template) || !OpeningPattern().IsMatch(template))
        {
            var beginning = template.Length > 60 ? template[..60] + "…" : template;
            throw metadata.Wrong(TemplateKey, $"unknown, '{beginning.ReplaceLineEndings(" ")}'", "ChatML as in Qwen2 or Qwen2.5");
        }

        // In a Jinja string a newline is written \n; the message itself has none in the templates that are known.
        var system = DefaultSystemPattern().Match(template);
        return new ChatTemplate(tokenizer, start.Value, end.Value, system.Success ? system.Groups["message"].Value : null);
    }

    /// <summary>Renders a chat.</summary>
    /// <param name="messages">The messages in order, at least one.</param>
    /// <param name="addGenerationPrompt">Whether the assistant's opening follows.</param>
    /// <returns>Token ids; turning them into text gives the text that the template gives.</returns>
    /// <exception cref="ArgumentException">
    /// There is no message, a role is not known, or a content has half of a surrogate pair.
    /// </exception>
    public int[] Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            throw new ArgumentException("the chat is empty: expected at least one message", nameof(messages));
        }

        var ids = new List<int>();
        if (messages[0].Role != ChatRole.System && DefaultSystemMessage is { } system)
        {
            AddTurn(ids, ChatRole.System, system);
        }

        foreach (var message in messages)
        {
            AddTurn(ids, message.Role, message.Content);
        }

        if (addGenerationPrompt)
        {
            ids.Add(_turnStart);
            ids.AddRange(_tokenizer.Encode($"{NameOf(ChatRole.Assistant)}\n", parseSpecial: false));
        }

        return [.. ids];
    }

    private static string NameOf(ChatRole role) => role switch
    {
        ChatRole.System => "system",
        ChatRole.User => "user",
        ChatRole.Assistant => "assistant",
        _ => throw new ArgumentException($"role is {role}: expected system, user or assistant", nameof(role)),
    };

    private void AddTurn(List<int> ids, ChatRole role, string content)
    {
        // Role and content are encoded as one text: newlines that begin the content may join the one before it.
        ids.Add(_turnStart);
        ids.AddRange(_tokenizer.Encode($"{NameOf(role)}\n{content}", parseSpecial: false));
        ids.Add(_turnEnd);
        ids.AddRange(_tokenizer.Encode("\n", parseSpecial: false));
    }

    // '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n', in either way to write a member.
    [GeneratedRegex("""
        '<\|im_start\|>'\s*\+\s*message(\.role|\['role'\])\s*\+\s*'\\n'\s*\+\s*message(\.content|\['content'\])\s*\+\s*'<\|im_end\|>'\s*\+\s*'\\n'
        """, RegexOptions.CultureInvariant)]
    private static partial Regex TurnPattern();

    [GeneratedRegex("""add_generation_prompt\s*%\}\s*\{\{-?\s*'<\|im_start\|>assistant\\n'""", RegexOptions.CultureInvariant)]
    private static partial Regex OpeningPattern();

    [GeneratedRegex("""'<\|im_start\|>system\\n(?<message>[^'\\<]+)<\|im_end\|>\\n'""", RegexOptions.CultureInvariant)]
    private static partial Regex DefaultSystemPattern();
}
