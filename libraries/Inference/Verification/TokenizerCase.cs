using O1Coder.Models;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Verification;

/// <summary>
/// A file of texts and their tokens: <c>cases</c> of <c>text</c> → <c>ids</c> (special tokens parsed, none added) →
/// <c>decoded</c>, and <c>chat_template</c>, <c>messages</c> and <c>add_generation_prompt</c> → <c>text</c>. The tokenizer is that
/// of the Hugging Face folder in which the file lies, otherwise the model's.
/// </summary>
internal static class TokenizerCase
{
    private const string TokenizerName = "tokenizer.json";

    /// <summary>Runs a file.</summary>
    public static IReadOnlyList<CaseResult> Run(CaseFields fields, string path, Lazy<LanguageModel> model)
    {
        var folder = Path.GetDirectoryName(path)!;
        var own = File.Exists(Path.Combine(folder, TokenizerName)) ? LanguageModel.Open(folder) : null;
        using (own)
        {
            var (tokenizer, template) = ((own ?? model.Value).Tokenizer, (own ?? model.Value).ChatTemplate);
            return
            [
                .. Part("cases", text => Text(text, tokenizer)),
                .. Part("chat_template", chat => Chat(chat, tokenizer, template)),
            ];
        }

        IEnumerable<CaseResult> Part(string name, Func<CaseFields, string?> check) => fields.Has(name)
            ? fields.Objects(name).Select((one, i) => new CaseResult(name, $"case {i}", Check(() => check(one))))
            : [];
    }

    private static string? Check(Func<string?> check)
    {
        try
        {
            return check();
        }
        catch (Exception exception) when (CaseFailure.IsOne(exception))
        {
            return CaseFailure.Describe(exception);
        }
    }

    private static string? Text(CaseFields one, ITokenizer tokenizer)
    {
        var ids = one.Wholes("ids");
        return CaseComparison.Differences(tokenizer.Encode(one.Text("text"), parseSpecial: true), ids)
            ?? Different("decoded", tokenizer.Decode(ids), one.Text("decoded"));
    }

    // Contents that spell control tokens are plain text to the model, so the ids are checked by what they spell.
    private static string? Chat(CaseFields chat, ITokenizer tokenizer, ChatTemplate template)
    {
        var messages = chat.Objects("messages").Select((message, i) => new ChatMessage(
            Enum.TryParse<ChatRole>(message.Text("role"), ignoreCase: true, out var role)
                ? role
                : throw new FormatException($"messages[{i}].role is '{message.Text("role")}': expected system, user or assistant"),
            message.Text("content"))).ToList();
        var (prompt, text) = (chat.Flag("add_generation_prompt"), chat.Text("text"));
        return Different("text", template.RenderText(messages, prompt), text)
            ?? Different("the ids' text", tokenizer.Decode(template.Render(messages, prompt)), text);
    }

    private static string? Different(string name, string actual, string expected)
    {
        if (actual == expected)
        {
            return null;
        }

        var same = actual.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{name} differs at character {same}: '{Rest(actual)}', expected '{Rest(expected)}'";

        string Rest(string whole)
        {
            const int Shown = 40;
            var rest = whole[same..];
            return (rest.Length > Shown ? rest[..Shown] + "…" : rest).ReplaceLineEndings("\\n");
        }
    }
}
