using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>One JSON object of a data set, whose fields are read with faults that name file, line and field.</summary>
/// <param name="file">The file's path.</param>
/// <param name="line">The line or row, from 1.</param>
/// <param name="json">The object.</param>
/// <param name="isRow">Whether <paramref name="line"/> counts rows.</param>
internal sealed class JsonRow(string file, long line, JsonElement json, bool isRow = false)
{
    /// <summary>The object.</summary>
    public JsonElement Json => json;

    /// <summary>The line or row, from 1.</summary>
    public long Line => line;

    /// <summary>The exception for a fault of this row.</summary>
    public DataSetFormatException Fault(string field, string detail, Exception? inner = null) => new(Note(field, detail), inner);

    /// <summary>Something to say about this row.</summary>
    public DataFault Note(string field, string detail) => new(file, line, field, detail, isRow);

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>A field, or null where it is missing or null.</summary>
    public JsonElement? Find(string field) =>
        json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field that must be there.</summary>
    public JsonElement Get(string field, string expected) => Find(field) ?? throw Missing(field, expected);

    /// <summary>A text that must be there.</summary>
    public string Text(string field) => TextOf(field, Get(field, "text"));

    /// <summary>A text, or null where it is missing or null.</summary>
    public string? TextOrNull(string field) => Find(field) is { } value ? TextOf(field, value) : null;

    /// <summary>A list of texts that must be there.</summary>
    public List<string> Texts(string field)
    {
        var value = Get(field, "a list of texts");
        return TextsOf(field, value);
    }

    /// <summary>A value as a list of texts.</summary>
    public List<string> TextsOf(string field, JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select((item, i) => TextOf($"{field}[{i}]", item))]
        : throw Wrong(field, value, "a list of texts");

    /// <summary>A value as a text.</summary>
    public string TextOf(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Wrong(field, value, "text");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Fault(field, $"\"{field}\" holds half of a surrogate pair; expected Unicode text", e);
        }
    }

    /// <summary>The exception for a field that is not there.</summary>
    public DataSetFormatException Missing(string field, string expected) => Fault(field, $"\"{field}\" is missing; expected {expected}");

    /// <summary>The exception for a field of another kind.</summary>
    public DataSetFormatException Wrong(string field, JsonElement value, string expected) =>
        Fault(field, $"\"{field}\" is {JsonText.NameOf(value.ValueKind)}; expected {expected}");
}
