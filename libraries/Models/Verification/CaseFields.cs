using System.Text.Json;

namespace O1Coder.Models.Verification;

/// <summary>Typed fields of one reference case. What is missing or of another kind is a <see cref="FormatException"/> that names it.</summary>
public sealed class CaseFields(JsonElement element)
{
    /// <summary>Whether there is such a field.</summary>
    public bool Has(string name) => Field(name).ValueKind != JsonValueKind.Undefined;

    /// <summary>A number.</summary>
    public double Number(string name) => Field(name) is { ValueKind: JsonValueKind.Number } value
        ? value.GetDouble()
        : throw new FormatException($"{name} is missing or no number");

    /// <summary>A whole number.</summary>
    public int Whole(string name) => Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var whole)
        ? whole
        : throw new FormatException($"{name} is missing or no whole number");

    /// <summary>A text.</summary>
    public string Text(string name) => Field(name) is { ValueKind: JsonValueKind.String } value
        ? value.GetString()!
        : throw new FormatException($"{name} is missing or no text");

    /// <summary>True or false.</summary>
    public bool Flag(string name) => Field(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
        ? value.GetBoolean()
        : throw new FormatException($"{name} is missing or neither true nor false");

    /// <summary>An object inside.</summary>
    public JsonElement Object(string name) => Field(name) is { ValueKind: JsonValueKind.Object } value
        ? value
        : throw new FormatException($"{name} is missing or no object");

    /// <summary>The objects of a list, at least one.</summary>
    public IReadOnlyList<CaseFields> Objects(string name) => Field(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object
            ? new CaseFields(item)
            : throw new FormatException($"{name} holds {item.ValueKind}, expected objects"))]
        : throw new FormatException($"{name} is missing or no list of at least one");

    /// <summary>A list of numbers.</summary>
    public double[] Numbers(string name) => Read(name, Field(name));

    /// <summary>A list of whole numbers.</summary>
    public int[] Wholes(string name) => Whole(name, Field(name));

    /// <summary>A list of lists of whole numbers.</summary>
    public int[][] WholeRows(string name)
    {
        var field = Field(name);
        return field is { ValueKind: JsonValueKind.Array }
            ? [.. field.EnumerateArray().Select(row => Whole(name, row))]
            : throw new FormatException($"{name} is missing or no list");
    }

    /// <summary>A list of lists of numbers.</summary>
    public double[][] Rows(string name)
    {
        var field = Field(name);
        return field is { ValueKind: JsonValueKind.Array }
            ? [.. field.EnumerateArray().Select(row => Read(name, row))]
            : throw new FormatException($"{name} is missing or no list");
    }

    private static double[] Read(string name, JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Number
            ? number.GetDouble()
            : throw new FormatException($"{name} holds {number.ValueKind}, expected numbers"))]
        : throw new FormatException($"{name} is missing or no list of numbers");

    private static int[] Whole(string name, JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var whole)
            ? whole
            : throw new FormatException($"{name} holds {number.GetRawText()}, expected whole numbers"))]
        : throw new FormatException($"{name} is missing or no list of whole numbers");

    private JsonElement Field(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
}
