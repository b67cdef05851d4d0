using System.Text.Json;
using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Training;

/// <summary>Training examples as JSON objects.</summary>
internal static class TrainingJson
{
    private static readonly string[] s_roles = ["system", "user", "assistant"];

    /// <summary>Reads an example.</summary>
    /// <param name="row">The line.</param>
    /// <param name="expected">The kind that it must be, or <see cref="TrainingExample"/>.</param>
    public static TrainingExample Read(JsonRow row, Type expected)
    {
        var kind = KindOf(row);
        if (!expected.IsAssignableFrom(kind))
        {
            throw row.Fault("", $"the line is a {NameOf(kind)}; expected a {NameOf(expected)}");
        }

        var id = row.TextOrNull("id") ?? "";
        if (kind == typeof(CompletionExample))
        {
            var prompt = ReadPrompt(row);
            return new CompletionExample(prompt, ReadAnswer(row, "completion", prompt.IsChat)) { Id = id };
        }

        if (kind == typeof(PreferenceExample))
        {
            var prompt = ReadPrompt(row);
            return new PreferenceExample(prompt, ReadAnswer(row, "chosen", prompt.IsChat), ReadAnswer(row, "rejected", prompt.IsChat)) { Id = id };
        }

        return kind == typeof(StepwiseExample)
            ? ReadStepwise(row, id)
            : new StepwisePreferenceExample(row.Text("prompt"), row.Texts("prefix"), row.Text("chosen"), row.Text("rejected")) { Id = id };
    }

    /// <summary>Writes an example that <see cref="Check"/> found good.</summary>
    public static void Write(Utf8JsonWriter json, TrainingExample example)
    {
        json.WriteStartObject();
        if (example.Id.Length > 0)
        {
            json.WriteString("id", example.Id);
        }

        switch (example)
        {
            case CompletionExample { Prompt: var prompt } completion:
                WritePrompt(json, prompt);
                WriteAnswer(json, "completion", completion.Completion, prompt.IsChat);
                break;
            case PreferenceExample { Prompt: var prompt } preference:
                WritePrompt(json, prompt);
                WriteAnswer(json, "chosen", preference.Chosen, prompt.IsChat);
                WriteAnswer(json, "rejected", preference.Rejected, prompt.IsChat);
                break;
            case StepwiseExample stepwise:
                json.WriteString("prompt", stepwise.Prompt);
                WriteTexts(json, "completions", stepwise.Completions);
                WriteLabels(json, stepwise.Labels);
                break;
            case StepwisePreferenceExample pair:
                json.WriteString("prompt", pair.Prompt);
                WriteTexts(json, "prefix", pair.Prefix);
                json.WriteString("chosen", pair.Chosen);
                json.WriteString("rejected", pair.Rejected);
                break;
            default:
                throw new ArgumentException($"{example.GetType().Name} has no format.", nameof(example));
        }

        json.WriteEndObject();
    }

    /// <summary>Refuses what would not read back.</summary>
    /// <exception cref="ArgumentException">The example breaks a rule of its format.</exception>
    public static void Check(TrainingExample example)
    {
        var prompt = example switch
        {
            CompletionExample completion => completion.Prompt,
            PreferenceExample preference => preference.Prompt,
            _ => null,
        };
        if (prompt is { IsChat: true } && (prompt.Text.Length > 0 || prompt.Messages.Any(message => !s_roles.Contains(message.Role))))
        {
            throw new ArgumentException("A chat prompt has no plain text, and its roles are system, user and assistant.", nameof(example));
        }

        if (example is StepwiseExample { Labels: var labels, Completions.Count: var steps }
            && (steps == 0 || labels.Count != steps || labels.Any(label => !(label is >= 0.0 and <= 1.0))))
        {
            throw new ArgumentException($"{steps} steps with {labels.Count} labels; expected at least one step and, for each, a label in [0, 1].", nameof(example));
        }
    }

    private static Type KindOf(JsonRow row)
    {
        if (row.Has("completions") || row.Has("labels"))
        {
            return typeof(StepwiseExample);
        }

        if (row.Has("chosen") || row.Has("rejected"))
        {
            return row.Has("prefix") ? typeof(StepwisePreferenceExample) : typeof(PreferenceExample);
        }

        return row.Has("completion")
            ? typeof(CompletionExample)
            : throw row.Fault("completion", "none of \"completion\", \"chosen\" and \"rejected\", \"completions\" and \"labels\"; expected one of them");
    }

    private static string NameOf(Type kind) =>
        kind == typeof(CompletionExample) ? "prompt with a completion"
        : kind == typeof(PreferenceExample) ? "prompt with a chosen and a rejected answer"
        : kind == typeof(StepwiseExample) ? "path of steps with labels"
        : "prefix with a chosen and a rejected step";

    private static Prompt ReadPrompt(JsonRow row)
    {
        var value = row.Get("prompt", "text or a list of messages");
        if (value.ValueKind == JsonValueKind.String)
        {
            return new Prompt { Text = row.TextOf("prompt", value) };
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw row.Wrong("prompt", value, "text or a list of messages");
        }

        var messages = value.EnumerateArray().Select((message, i) => ReadMessage(row, $"prompt[{i}]", message)).ToList();
        return messages.Count > 0
            ? new Prompt { Messages = messages }
            : throw row.Fault("prompt", "\"prompt\" is an empty list; expected at least one message");
    }

    private static string ReadAnswer(JsonRow row, string field, bool isChat)
    {
        var value = row.Get(field, isChat ? "a list with one message of the assistant" : "text");
        if (!isChat)
        {
            return row.TextOf(field, value);
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 1)
        {
            throw row.Fault(field, $"\"{field}\" is {(value.ValueKind == JsonValueKind.Array ? $"a list of {value.GetArrayLength()}" : JsonText.NameOf(value.ValueKind))}; "
                + "expected a list with one message of the assistant, since the prompt is a chat");
        }

        var message = ReadMessage(row, $"{field}[0]", value[0]);
        return message.Role == "assistant"
            ? message.Content
            : throw row.Fault($"{field}[0].role", $"\"{field}[0].role\" is \"{message.Role}\"; expected \"assistant\"");
    }

    private static PromptMessage ReadMessage(JsonRow row, string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw row.Wrong(field, value, "an object with role and content");
        }

        var role = Part("role");
        return s_roles.Contains(role)
            ? new PromptMessage(role, Part("content"))
            : throw row.Fault($"{field}.role", $"\"{field}.role\" is \"{PythonAssertions.Shorten(role)}\"; expected system, user or assistant");

        string Part(string name) => value.TryGetProperty(name, out var part)
            ? row.TextOf($"{field}.{name}", part)
            : throw row.Missing($"{field}.{name}", "text");
    }

    private static StepwiseExample ReadStepwise(JsonRow row, string id)
    {
        var steps = row.Texts("completions");
        var labels = row.Get("labels", "a list with a label a step");
        if (labels.ValueKind != JsonValueKind.Array)
        {
            throw row.Wrong("labels", labels, "a list with a label a step");
        }

        if (steps.Count == 0)
        {
            throw row.Fault("completions", "\"completions\" is an empty list; expected at least one step");
        }

        return labels.GetArrayLength() == steps.Count
            ? new StepwiseExample(row.Text("prompt"), steps, [.. labels.EnumerateArray().Select((label, i) => ReadLabel(row, $"labels[{i}]", label))]) { Id = id }
            : throw row.Fault("labels", $"\"labels\" holds {labels.GetArrayLength()} for {steps.Count} steps; expected one a step");
    }

    private static double ReadLabel(JsonRow row, string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1.0,
        JsonValueKind.False => 0.0,
        JsonValueKind.Number when value.TryGetDouble(out var label) && label is >= 0.0 and <= 1.0 => label,
        JsonValueKind.Number => throw row.Fault(field, $"\"{field}\" is {PythonAssertions.Shorten(value.GetRawText())}; expected a number from 0 to 1"),
        _ => throw row.Wrong(field, value, "true, false or a number from 0 to 1"),
    };

    private static void WritePrompt(Utf8JsonWriter json, Prompt prompt)
    {
        if (!prompt.IsChat)
        {
            json.WriteString("prompt", prompt.Text);
            return;
        }

        json.WriteStartArray("prompt");
        foreach (var message in prompt.Messages)
        {
            WriteMessage(json, message.Role, message.Content);
        }

        json.WriteEndArray();
    }

    private static void WriteAnswer(Utf8JsonWriter json, string field, string text, bool isChat)
    {
        if (!isChat)
        {
            json.WriteString(field, text);
            return;
        }

        json.WriteStartArray(field);
        WriteMessage(json, "assistant", text);
        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string field, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(field);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    // TRL's own sets have true and false; numbers stand where a label is in between.
    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyList<double> labels)
    {
        var isHard = labels.All(label => label is 0.0 or 1.0);
        json.WriteStartArray("labels");
        foreach (var label in labels)
        {
            if (isHard)
            {
                json.WriteBooleanValue(label == 1.0);
            }
            else
            {
                json.WriteNumberValue(label);
            }
        }

        json.WriteEndArray();
    }
}
