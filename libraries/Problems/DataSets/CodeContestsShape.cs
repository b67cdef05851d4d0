using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// CodeContests: description, public_tests, private_tests and generated_tests {input[], output[]}, solutions {language[],
/// solution[]} of which those in Python 3 are kept. Source: Li et al., "Competition-Level Code Generation with AlphaCode"
/// (arXiv 2203.07814).
/// </summary>
internal sealed class CodeContestsShape : IRowShape
{
    private const int Python3 = 3;
    private static readonly string[] s_testFields = ["public_tests", "private_tests", "generated_tests"];

    public DataSetFormat Format => DataSetFormat.CodeContests;

    public bool Fits(JsonRow row) => row.Has("description") && s_testFields.Any(row.Has);

    public RowProblem Read(JsonRow row, ICollection<DataFault> notes)
    {
        var visible = ReadTests(row, s_testFields[0]);
        var hidden = s_testFields[1..].SelectMany(field => ReadTests(row, field)).ToList();
        if (visible.Count == 0)
        {
            // Somebody must see something: without public tests, all are visible and the usual third is held out.
            (visible, hidden) = (hidden, []);
        }

        if (visible.Count == 0)
        {
            throw row.Fault("public_tests", "neither \"public_tests\" nor \"private_tests\" nor \"generated_tests\" holds a test; expected at least one");
        }

        var problem = new Problem
        {
            Id = "",
            Title = row.TextOrNull("name")?.Trim() ?? "",
            Statement = RowProblem.Lines(row.Text("description")),
            Mode = ProblemMode.Stdio,
            VisibleTests = visible,
            HiddenTests = hidden,
            ReferenceSolutions = ReadSolutions(row, notes),
        };
        return RowProblem.Of(row, ["id"], "codecontests", "description", problem, notes);
    }

    public void Write(Utf8JsonWriter json, Problem problem)
    {
        if (problem.Mode != ProblemMode.Stdio)
        {
            throw new FormatException("its tests are assertions, and codecontests holds inputs and outputs");
        }

        json.WriteString("id", problem.Id);
        json.WriteString("name", problem.Title);
        json.WriteString("description", problem.Statement);
        WriteTests(json, "public_tests", problem.VisibleTests);
        WriteTests(json, "private_tests", problem.HiddenTests);
        WriteTests(json, "generated_tests", []);
        json.WriteStartObject("solutions");
        json.WriteStartArray("language");
        foreach (var _ in problem.ReferenceSolutions)
        {
            json.WriteNumberValue(Python3);
        }

        json.WriteEndArray();
        WriteTexts(json, "solution", problem.ReferenceSolutions);
        json.WriteEndObject();
    }

    private static List<TestCase> ReadTests(JsonRow row, string field)
    {
        if (row.Find(field) is not { } value)
        {
            return [];
        }

        var (inputs, outputs) = (Texts(row, field, value, "input"), Texts(row, field, value, "output"));
        return inputs.Count == outputs.Count
            ? [.. inputs.Zip(outputs, (input, output) => new StdioTest(input, output))]
            : throw row.Fault($"{field}.output", $"\"{field}.output\" holds {outputs.Count} for {inputs.Count} inputs; expected one an input");
    }

    private static List<string> ReadSolutions(JsonRow row, ICollection<DataFault> notes)
    {
        if (row.Find("solutions") is not { } value)
        {
            return [];
        }

        var programs = Texts(row, "solutions", value, "solution");
        var languages = Part(row, "solutions", value, "language") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        if (languages.Count != programs.Count)
        {
            throw row.Fault("solutions.language", $"\"solutions.language\" holds {languages.Count} for {programs.Count} solutions; expected one a solution");
        }

        var kept = programs.Where((_, i) => IsPython3(languages[i])).Select(RowProblem.Lines).ToList();
        if (kept.Count < programs.Count)
        {
            notes.Add(row.Note("solutions", $"{programs.Count - kept.Count} solutions in other languages than Python 3 left out"));
        }

        return kept;
    }

    private static bool IsPython3(JsonElement language) =>
        language.ValueKind == JsonValueKind.Number ? language.TryGetInt32(out var number) && number == Python3
        : language.ValueKind == JsonValueKind.String && language.ValueEquals("PYTHON3");

    private static List<string> Texts(JsonRow row, string field, JsonElement value, string name) =>
        Part(row, field, value, name) is { } part ? row.TextsOf($"{field}.{name}", part) : [];

    private static JsonElement? Part(JsonRow row, string field, JsonElement value, string name) => value.ValueKind != JsonValueKind.Object
        ? throw row.Wrong(field, value, "an object of lists")
        : value.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static void WriteTests(Utf8JsonWriter json, string field, IReadOnlyList<TestCase> tests)
    {
        json.WriteStartObject(field);
        WriteTexts(json, "input", tests.Cast<StdioTest>().Select(test => test.Stdin));
        WriteTexts(json, "output", tests.Cast<StdioTest>().Select(test => test.Stdout));
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string field, IEnumerable<string> texts)
    {
        json.WriteStartArray(field);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
