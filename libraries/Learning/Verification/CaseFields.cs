using System.Text.Json;
using static TorchSharp.torch;

namespace O1Coder.Learning.Verification;

/// <summary>Typed fields of one reference case; tensors are double precision.</summary>
internal readonly struct CaseFields(JsonElement element)
{
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

    /// <summary>A vector.</summary>
    public Tensor Vector(string name, bool gradient = false) => tensor(Numbers(name), dtype: ScalarType.Float64, requires_grad: gradient);

    /// <summary>A matrix, [sequences, tokens].</summary>
    public Tensor Matrix(string name, bool gradient = false)
    {
        var rows = Rows(name);
        if (rows.Length == 0 || rows.Any(row => row.Length != rows[0].Length))
        {
            throw new FormatException($"{name} is no matrix: its rows differ in length, or there is none");
        }

        return tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], dtype: ScalarType.Float64, requires_grad: gradient);
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
