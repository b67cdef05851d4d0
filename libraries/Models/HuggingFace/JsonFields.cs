using System.Text.Json;

namespace O1Coder.Models;

/// <summary>Typed fields of one JSON object; an absent field and null are the same, as in Hugging Face's files.</summary>
internal readonly struct JsonFields(string file, JsonElement element, string prefix = "")
{
    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the field is there, null or not.</summary>
    public bool Names(string name) => element.TryGetProperty(name, out _);

    /// <summary>Whether the field says something: it is there and not null, false, an empty text, list or object.</summary>
    public bool Says(string name) => element.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => true,
    };

    /// <summary>The field as it stands in the file, for messages.</summary>
    public string Raw(string name) => element.TryGetProperty(name, out var value)
        ? value.GetRawText().ReplaceLineEndings(" ") is var text && text.Length > 80 ? text[..80] + "…" : text
        : "missing";

    /// <summary>A text.</summary>
    public string Text(string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Wrong(name, "a text");

    /// <summary>A text, or <paramref name="absent"/>.</summary>
    public string Text(string name, string absent) => Has(name) ? Text(name) : absent;

    /// <summary>A whole number in a range.</summary>
    public int Number(string name, int least, int most) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}");

    /// <summary>A whole number in a range, or <paramref name="absent"/>.</summary>
    public int Number(string name, int absent, int least, int most) => Has(name) ? Number(name, least, most) : absent;

    /// <summary>A positive finite number.</summary>
    public float Positive(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetSingle(out var number) && number > 0 && float.IsFinite(number)
            ? number
            : throw Wrong(name, "a positive number");

    /// <summary>A positive finite number, or <paramref name="absent"/>.</summary>
    public float Positive(string name, float absent) => Has(name) ? Positive(name) : absent;

    /// <summary>True or false; <paramref name="absent"/> where it is not said.</summary>
    public bool Flag(string name, bool absent) => !Has(name) ? absent : element.GetProperty(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>One whole number or a list of them; empty where it is not said.</summary>
    public IReadOnlyList<int> Numbers(string name, int least, int most)
    {
        if (!Has(name))
        {
            return [];
        }

        var value = element.GetProperty(name);
        if (value.ValueKind != JsonValueKind.Array)
        {
            return [Number(name, least, most)];
        }

        var numbers = new List<int>();
        foreach (var item in value.EnumerateArray())
        {
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number >= least && number <= most
                ? number
                : throw Wrong(name, $"whole numbers from {least} to {most}"));
        }

        return numbers;
    }

    /// <summary>One text or a list of them; empty where it is not said.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!Has(name))
        {
            return [];
        }

        var value = element.GetProperty(name);
        if (value.ValueKind != JsonValueKind.Array)
        {
            return [Text(name)];
        }

        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, "a list of texts"));
        }

        return texts;
    }

    /// <summary>An object inside.</summary>
    public JsonFields Object(string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
        ? new JsonFields(file, value, $"{prefix}{name}.")
        : throw Wrong(name, "an object");

    /// <summary>A list of objects.</summary>
    public List<JsonFields> Objects(string name)
    {
        var objects = new List<JsonFields>();
        foreach (var item in Items(name))
        {
            objects.Add(item.ValueKind == JsonValueKind.Object
                ? new JsonFields(file, item, $"{prefix}{name}[{objects.Count}].")
                : throw Wrong(name, "a list of objects"));
        }

        return objects;
    }

    /// <summary>The items of a list; none where it is not said.</summary>
    public JsonElement.ArrayEnumerator Items(string name) => !Has(name) ? default
        : element.GetProperty(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray()
        : throw Wrong(name, "a list");

    /// <summary>The entries of an object inside.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Entries(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Select(entry => (entry.Name, entry.Value))
            : throw Wrong(name, "an object");

    /// <summary>The exception of a field whose value is described.</summary>
    public ModelFormatException Wrong(string name, string value, string expected) => new(file, prefix + name, value, expected);

    /// <summary>The exception of a field that does not fit.</summary>
    public ModelFormatException Wrong(string name, string expected) => new(file, prefix + name, Raw(name), expected);
}
