using O1Coder.Sandbox.Plain;

namespace O1Coder.Sandbox.Verification;

/// <summary>The fields of one JSON object of a case, taken one by one; one that nobody took is unknown.</summary>
/// <param name="caseName">The case, for messages.</param>
/// <param name="path">Where the object stands, with a dot at the end; empty for the whole.</param>
/// <param name="value">The object.</param>
internal sealed class CaseFields(string caseName, string path, PlainValue value)
{
    private const int LongestShown = 80;
    private readonly Dictionary<string, PlainValue> _left = value.Kind == PlainKind.Map
        ? value.Items.Chunk(2).ToDictionary(pair => pair[0].Text, pair => pair[1], StringComparer.Ordinal)
        : throw Fault(caseName, path.TrimEnd('.'), value, "an object");

    /// <summary>Takes a field; null where it is absent.</summary>
    public PlainValue? Take(string name) => _left.Remove(name, out var found) ? found : null;

    /// <summary>Takes a text; null where it is absent.</summary>
    public string? Text(string name) => Take(name) is not { } found ? null : Text(name, found);

    /// <summary>A text's value.</summary>
    public string Text(string name, PlainValue found) =>
        found.Kind == PlainKind.Text ? found.Text : throw Fault(name, found, "a text");

    /// <summary>Takes a number; 0 where it is absent.</summary>
    public double Number(string name) => Take(name) switch
    {
        null => 0,
        { Kind: PlainKind.Integer } whole => (double)whole.Integer,
        { Kind: PlainKind.Float } number when double.IsFinite(number.Float) => number.Float,
        var other => throw Fault(name, other, "a number"),
    };

    /// <summary>Takes a whole number times a unit; 0 where it is absent.</summary>
    public long Whole(string name, long unit)
    {
        var number = Number(name) * unit;
        return number >= 0 && number <= 1L << 50 ? (long)Math.Round(number) : throw Fault(name, PlainValue.OfFloat(number / unit, Plain.FloatText.Show(number / unit)), "a number from 0 on");
    }

    /// <summary>Takes a list; null where it is absent.</summary>
    public IReadOnlyList<PlainValue>? List(string name) => Take(name) switch
    {
        null => null,
        { Kind: PlainKind.List } list => list.Items,
        var other => throw Fault(name, other, "a list"),
    };

    /// <summary>Refuses what nobody took.</summary>
    /// <exception cref="CaseFormatException">A field is unknown.</exception>
    public void End(string known)
    {
        if (_left.FirstOrDefault() is { Key: not null } unknown)
        {
            throw Fault(unknown.Key, unknown.Value, $"no such field; there are {known}");
        }
    }

    /// <summary>The error of one field.</summary>
    public CaseFormatException Fault(string name, PlainValue? found, string expected) => Fault(caseName, path + name, found, expected);

    /// <summary>The error of a case's field.</summary>
    public static CaseFormatException Fault(string caseName, string field, PlainValue? found, string expected)
    {
        var shown = found is null ? "absent" : Cut(PlainText.Json(found));
        return new CaseFormatException($"{caseName}: {(field.Length > 0 ? field : "case.json")} is {shown}: expected {expected}");
    }

    private static string Cut(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";
}
