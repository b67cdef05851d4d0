using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>
/// Finds what an answer must match, in whichever of the fields it stands: <c>response_format</c>, vLLM's
/// <c>structured_outputs</c> and its older <c>guided_…</c>, SGLang's <c>regex</c> and <c>ebnf</c>, llama.cpp's
/// <c>grammar</c>. Grammars are read as GBNF.
/// </summary>
internal static class ConstraintReader
{
    // RFC 8259. Space is bounded: a model that is unsure may otherwise write it without end.
    private const string JsonGrammar = """
        root   ::= object
        value  ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ws ( member ("," ws member)* )? "}"
        member ::= string ws ":" ws value ws
        array  ::= "[" ws ( value ws ("," ws value ws)* )? "]"
        string ::= "\"" ( [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}) )* "\""
        number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        ws     ::= [ \t\r\n]{0,64}
        """;

    private const string NoSchemas = "nothing: schemas and choices are not served, a regex or grammar is";

    private static readonly Lazy<Constraint> s_json = new(() => Constraint.FromGrammar(JsonGrammar));

    /// <summary>Reads the constraint; null for none.</summary>
    /// <exception cref="OpenAiException">It is wrong or not served, or there are several.</exception>
    public static Constraint? Read(GenerationFields fields)
    {
        OpenAiException.ThrowUnless(fields.GuidedJson is null, "guided_json", fields.GuidedJson, NoSchemas);
        OpenAiException.ThrowUnless(fields.GuidedChoice is null, "guided_choice", fields.GuidedChoice, NoSchemas);
        OpenAiException.ThrowUnless(fields.JsonSchema is null, "json_schema", fields.JsonSchema, NoSchemas);
        var found = new List<(string Field, Constraint Constraint)>();
        Add("guided_regex", fields.GuidedRegex, ConstraintKind.Regex, found);
        Add("guided_grammar", fields.GuidedGrammar, ConstraintKind.Grammar, found);
        Add("regex", fields.Regex, ConstraintKind.Regex, found);
        Add("ebnf", fields.Ebnf, ConstraintKind.Grammar, found);
        Add("grammar", fields.Grammar, ConstraintKind.Grammar, found);
        AddStructured(fields.StructuredOutputs, found);
        AddFormat(fields.ResponseFormat, found);
        OpenAiException.ThrowUnless(found.Count <= 1, found.Count > 1 ? found[1].Field : "", "a second constraint",
            $"nothing beside {(found.Count > 0 ? found[0].Field : "")}");
        return found.Count == 0 ? null : found[0].Constraint;
    }

    private static void AddFormat(JsonElement? format, List<(string, Constraint)> found)
    {
        var type = format is { ValueKind: JsonValueKind.Object } held && held.TryGetProperty("type", out var named)
            ? named.ToString()
            : format?.ToString();
        OpenAiException.ThrowUnless(type is null or "text" or "json_object", "response_format.type", type,
            "text or json_object: schemas are not served, a regex or grammar is");
        if (type == "json_object")
        {
            found.Add(("response_format", s_json.Value));
        }
    }

    private static void AddStructured(JsonElement? structured, List<(string, Constraint)> found)
    {
        if (structured is not { } given)
        {
            return;
        }

        OpenAiException.ThrowUnless(given.ValueKind == JsonValueKind.Object, "structured_outputs", given, "an object");
        foreach (var one in given.EnumerateObject())
        {
            var field = $"structured_outputs.{one.Name}";
            switch (one.Name)
            {
                case "regex":
                    Add(field, one.Value, ConstraintKind.Regex, found);
                    break;
                case "grammar":
                    Add(field, one.Value, ConstraintKind.Grammar, found);
                    break;
                case "json_object" when one.Value.ValueKind == JsonValueKind.True:
                    found.Add((field, s_json.Value));
                    break;
                default:
                    OpenAiException.ThrowUnless(one.Value.ValueKind is JsonValueKind.Null or JsonValueKind.False, field, one.Value, NoSchemas);
                    break;
            }
        }
    }

    private static void Add(string field, JsonElement? value, ConstraintKind kind, List<(string, Constraint)> found)
    {
        if (value is not { } given || given.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        OpenAiException.ThrowUnless(given.ValueKind == JsonValueKind.String, field, given, "a text");
        var text = RequestReader.Text(given, field);
        try
        {
            found.Add((field, kind == ConstraintKind.Regex ? Constraint.FromRegex(text) : Constraint.FromGrammar(text)));
        }
        catch (ConstraintException exception)
        {
            throw OpenAiException.Wrong(field, text, exception.Expected);
        }
    }
}
