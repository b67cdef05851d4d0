using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.GenAi;

/// <summary>
/// Reads a call of a language model from a span. Messages stand in attributes as JSON, like
/// gen_ai.input.messages = [{"role":"user","parts":[{"type":"text","content":"Hi"}]}]; with older senders in attributes of
/// their own, like gen_ai.prompt.0.role and gen_ai.prompt.0.content; or in events of the span or log lines, like
/// gen_ai.user.message with the attribute content.
/// </summary>
internal static partial class GenAiReader
{
    private const string RequestPrefix = "gen_ai.request.";

    /// <summary>The call; null where the span is none.</summary>
    public static GenAiCall? Read(Span span, IEnumerable<LogEntry> logsOfSpan)
    {
        if (!span.IsGenAi)
        {
            return null;
        }

        var messages = new List<GenAiMessage>();
        ReadAttributes(span.Attributes, messages);
        foreach (var happened in span.Events)
        {
            ReadEvent(happened.Name, happened.Attributes, null, messages);
        }

        foreach (var log in logsOfSpan)
        {
            ReadEvent(log.EventName, log.Attributes, log.Message, messages);
        }

        return new GenAiCall(
            span["gen_ai.operation.name"] ?? "",
            span["gen_ai.provider.name"] ?? span["gen_ai.system"] ?? "",
            span["gen_ai.response.model"] ?? span["gen_ai.request.model"] ?? "",
            AdapterOf(span),
            Number(span["gen_ai.usage.input_tokens"] ?? span["gen_ai.usage.prompt_tokens"]),
            Number(span["gen_ai.usage.cache_read.input_tokens"]),
            Number(span["gen_ai.usage.output_tokens"] ?? span["gen_ai.usage.completion_tokens"]),
            [.. messages.Where(message => !message.IsOutput).SelectMany(Apart), .. messages.Where(message => message.IsOutput)],
            [
                .. span.Attributes
                    .Where(attribute => attribute.Key.StartsWith(RequestPrefix, StringComparison.Ordinal) && attribute.Key != "gen_ai.request.model")
                    .Select(attribute => attribute with { Key = attribute.Key[RequestPrefix.Length..] }),
            ]);
    }

    [GeneratedRegex(@"^gen_ai\.(prompt|completion)\.(\d{1,6})\.(role|content|finish_reason)$")]
    private static partial Regex Flattened();

    // The conventions have no adapters: ours and others' end in that word.
    private static string AdapterOf(Span span)
    {
        foreach (var (key, value) in span.Attributes)
        {
            if (key.EndsWith("adapter", StringComparison.Ordinal) || key.EndsWith("adapter.name", StringComparison.Ordinal))
            {
                return value;
            }
        }

        return "";
    }

    // A sender that has the prompt as one text sends it as one message.
    private static IEnumerable<GenAiMessage> Apart(GenAiMessage message) =>
        message.Parts is [{ Kind: "text" } only] && ChatMarkers.Split(only.Text) is { } messages
            ? messages.Select(one => message with { Role = one.Role, Parts = [only with { Text = one.Text }] })
            : [message];

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void ReadAttributes(TelemetryAttribute[] attributes, List<GenAiMessage> messages)
    {
        var flattened = new SortedDictionary<(bool IsOutput, int Index), (string Role, string Content, string Finish)>();
        foreach (var (key, value) in attributes)
        {
            switch (key)
            {
                case "gen_ai.system_instructions":
                    messages.Insert(0, new GenAiMessage("system", false, Parts(value), ""));
                    break;
                case "gen_ai.input.messages":
                    ReadMessages(value, false, messages);
                    break;
                case "gen_ai.output.messages":
                    ReadMessages(value, true, messages);
                    break;
                case "gen_ai.prompt":
                    messages.Add(new GenAiMessage("user", false, [new GenAiPart("text", value, "")], ""));
                    break;
                case "gen_ai.completion":
                    messages.Add(new GenAiMessage("assistant", true, [new GenAiPart("text", value, "")], ""));
                    break;
                default:
                    if (Flattened().Match(key) is { Success: true } match)
                    {
                        var at = (match.Groups[1].Value == "completion", int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
                        var known = flattened.TryGetValue(at, out var held) ? held : (Role: at.Item1 ? "assistant" : "user", Content: "", Finish: "");
                        flattened[at] = match.Groups[3].Value switch
                        {
                            "role" => known with { Role = value },
                            "content" => known with { Content = value },
                            _ => known with { Finish = value },
                        };
                    }

                    break;
            }
        }

        messages.AddRange(flattened.Select(pair => new GenAiMessage(pair.Value.Role, pair.Key.IsOutput, [new GenAiPart("text", pair.Value.Content, "")], pair.Value.Finish)));
    }

    private static void ReadEvent(string name, TelemetryAttribute[] attributes, string? body, List<GenAiMessage> messages)
    {
        var role = name switch
        {
            "gen_ai.system.message" => "system",
            "gen_ai.user.message" => "user",
            "gen_ai.assistant.message" => "assistant",
            "gen_ai.tool.message" => "tool",
            "gen_ai.choice" => "assistant",
            _ => null,
        };
        if (role is not null)
        {
            var content = Queries.Attributes.Find(attributes, "content") ?? Queries.Attributes.Find(attributes, "gen_ai.event.content") ?? body ?? "";
            messages.Add(new GenAiMessage(role, name == "gen_ai.choice", Parts(content), Queries.Attributes.Find(attributes, "finish_reason") ?? ""));
        }
        else if (name is "gen_ai.client.inference.operation.details" or "gen_ai.content.prompt" or "gen_ai.content.completion")
        {
            ReadAttributes(attributes, messages);
        }
    }

    private static void ReadMessages(string json, bool isOutput, List<GenAiMessage> messages)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            foreach (var message in root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new[] { root })
            {
                messages.Add(new GenAiMessage(
                    Text(message, "role") ?? (isOutput ? "assistant" : "user"), isOutput, PartsOf(message), Text(message, "finish_reason") ?? ""));
            }
        }
        catch (JsonException)
        {
            // Cut off by a limit, or of a sender that writes plain text.
            messages.Add(new GenAiMessage(isOutput ? "assistant" : "user", isOutput, [new GenAiPart("text", json, "")], ""));
        }
    }

    private static List<GenAiPart> Parts(string value)
    {
        if (value.TrimStart() is not ['{' or '[', ..])
        {
            return [new GenAiPart("text", value, "")];
        }

        try
        {
            using var document = JsonDocument.Parse(value);
            return PartsOf(document.RootElement);
        }
        catch (JsonException)
        {
            return [new GenAiPart("text", value, "")];
        }
    }

    private static List<GenAiPart> PartsOf(JsonElement message)
    {
        var parts = message;
        if (message.ValueKind == JsonValueKind.Object
            && !message.TryGetProperty("parts", out parts)
            && !message.TryGetProperty("content", out parts)
            && !(message.TryGetProperty("message", out var inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("content", out parts)))
        {
            return [new GenAiPart("json", message.GetRawText(), "")];
        }

        return parts.ValueKind switch
        {
            JsonValueKind.Array => [.. parts.EnumerateArray().Select(PartOf)],
            _ => [PartOf(parts)],
        };
    }

    private static GenAiPart PartOf(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return new GenAiPart("text", part.ValueKind == JsonValueKind.String ? part.GetString()! : part.GetRawText(), "");
        }

        var kind = Text(part, "type") ?? "text";
        var text = Text(part, "content") ?? Text(part, "text") ?? Text(part, "arguments") ?? Text(part, "response") ?? Text(part, "result") ?? part.GetRawText();
        return new GenAiPart(kind, text, Text(part, "name") ?? "");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;
}
