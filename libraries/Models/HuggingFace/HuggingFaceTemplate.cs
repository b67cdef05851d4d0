using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace O1Coder.Models;

/// <summary>
/// Reads the chat template of a Hugging Face folder: chat_template.jinja, or <c>chat_template</c> of tokenizer_config.json, which is
/// a text or a list of named ones; and the tokens that it may use by name.
/// </summary>
internal static class HuggingFaceTemplate
{
    /// <summary>The file that holds a template alone.</summary>
    public const string TemplateName = "chat_template.jinja";

    /// <summary>The file that names tokens and often holds the template.</summary>
    public const string ConfigName = "tokenizer_config.json";

    private const string Field = "chat_template";
    private static readonly string[] s_tokens = ["bos_token", "eos_token", "unk_token", "pad_token"];

    /// <summary>Reads the template.</summary>
    /// <exception cref="ModelFormatException">There is none, it is not valid, or has what is not known.</exception>
    public static ChatTemplate Read(string folder, BpeTokenizer tokenizer)
    {
        var config = Path.Combine(folder, ConfigName);
        var alone = Path.Combine(folder, TemplateName);
        using var document = File.Exists(config) || !File.Exists(alone) ? JsonFile.Read(config) : JsonDocument.Parse("{}");
        var fields = new JsonFields(config, document.RootElement);
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in s_tokens.Where(fields.Has))
        {
            // A token is a text, or an object that says more of it.
            tokens[name] = document.RootElement.GetProperty(name).ValueKind == JsonValueKind.Object
                ? fields.Object(name).Text("content") : fields.Text(name);
        }

        if (!File.Exists(alone))
        {
            return new ChatTemplate($"{config}: {Field}", ReadField(fields, document.RootElement), tokens, tokenizer);
        }

        var content = JsonFile.ReadBytes(alone);
        return Utf8.IsValid(content)
            ? new ChatTemplate(alone, Encoding.UTF8.GetString(content), tokens, tokenizer)
            : throw new ModelFormatException($"{alone}: has text that is no Unicode");
    }

    private static string ReadField(JsonFields fields, JsonElement root)
    {
        if (!fields.Has(Field) || root.GetProperty(Field).ValueKind != JsonValueKind.Array)
        {
            return fields.Text(Field);
        }

        foreach (var named in fields.Objects(Field))
        {
            if (named.Text("name") == "default")
            {
                return named.Text("template");
            }
        }

        throw fields.Wrong(Field, "one that is named default among them");
    }
}
