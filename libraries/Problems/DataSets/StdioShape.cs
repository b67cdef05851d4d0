using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// APPS and TACO: question, solutions, input_output {inputs, outputs, fn_name}. Sources: Hendrycks et al., "Measuring Coding
/// Challenge Competence With APPS" (arXiv 2105.09938); Li et al., "TACO" (arXiv 2312.14852).
/// </summary>
internal sealed class StdioShape : IRowShape
{
    public DataSetFormat Format => DataSetFormat.Stdio;

    public bool Fits(JsonRow row) => row.Has("input_output") || (row.Has("question") && row.Has("solutions"));

    public RowProblem Read(JsonRow row, ICollection<DataFault> notes)
    {
        var question = RowProblem.Lines(row.Text("question"));
        var cases = new JsonRow("", row.Line, Nested(row, "input_output", JsonValueKind.Object) ?? throw row.Missing("input_output", "inputs and outputs"));
        var solutions = Nested(row, "solutions", JsonValueKind.Array) is { } list
            ? row.TextsOf("solutions", list).Where(text => !string.IsNullOrWhiteSpace(text)).Select(RowProblem.Lines).ToList()
            : [];
        string? name = null;
        List<TestCase> tests;
        try
        {
            name = cases.TextOrNull("fn_name") is { Length: > 0 } given ? given : null;
            tests = ReadTests(cases, name);
        }
        catch (DataSetFormatException e)
        {
            throw row.Fault($"input_output.{e.Fault.Field}", $"in \"input_output\": {e.Fault.Detail}", e);
        }

        var problem = new Problem
        {
            Id = "",
            Title = row.Find("name") is { ValueKind: JsonValueKind.String } ? row.TextOrNull("name")!.Trim() : "",
            Statement = question,
            Difficulty = ReadDifficulty(row),
            Mode = name is null ? ProblemMode.Stdio : ProblemMode.Function,
            Signature = name is null ? "" : SignatureOf(row, name, [.. tests.Cast<AssertionTest>()], solutions),
            VisibleTests = tests,
            ReferenceSolutions = name is null ? solutions : [.. solutions.Select(program => WithFunction(program, name))],
        };
        return RowProblem.Of(row, ["problem_id", "id"], "stdio", "question", problem, notes);
    }

    public void Write(Utf8JsonWriter json, Problem problem)
    {
        WriteId(json, "problem_id", problem.Id);
        json.WriteString("question", problem.Statement);
        json.WriteStartArray("solutions");
        foreach (var program in problem.ReferenceSolutions)
        {
            json.WriteStringValue(program);
        }

        json.WriteEndArray();
        json.WriteStartObject("input_output");
        var tests = problem.VisibleTests.Concat(problem.HiddenTests).ToList();
        if (problem.Mode == ProblemMode.Function)
        {
            json.WriteString("fn_name", problem.EntryPoint);
            var calls = tests.ConvertAll(test => CallTest.Read((AssertionTest)test, problem.EntryPoint!)
                ?? throw new FormatException($"\"{PythonAssertions.Shorten(((AssertionTest)test).Code)}\" is no comparison of one call with plain data, as stdio sets hold them"));
            WriteRaw(json, "inputs", calls.Select(call => call.Arguments));
            WriteRaw(json, "outputs", calls.Select(call => call.Result));
        }
        else
        {
            WriteRaw(json, "inputs", tests.Cast<StdioTest>().Select(test => JsonText.Of(text => text.WriteStringValue(test.Stdin))));
            WriteRaw(json, "outputs", tests.Cast<StdioTest>().Select(test => JsonText.Of(text => text.WriteStringValue(test.Stdout))));
        }

        json.WriteEndObject();
        json.WriteString("starter_code", problem.Signature);
        if (problem.Difficulty is { } difficulty)
        {
            json.WriteString("difficulty", ProblemReader.NameOf(difficulty));
        }
    }

    /// <summary>Writes an id; one that was made from a number is that number again.</summary>
    public static void WriteId(Utf8JsonWriter json, string field, string id)
    {
        if (id.StartsWith("stdio-", StringComparison.Ordinal) && int.TryParse(id.AsSpan(6), out var number) && $"stdio-{number}" == id)
        {
            json.WriteNumber(field, number);
        }
        else
        {
            json.WriteString(field, id);
        }
    }

    private static void WriteRaw(Utf8JsonWriter json, string field, IEnumerable<string> values)
    {
        json.WriteStartArray(field);
        foreach (var value in values)
        {
            json.WriteRawValue(value);
        }

        json.WriteEndArray();
    }

    // A value of a kind, or a text that holds one as JSON; an empty text is none.
    private static JsonElement? Nested(JsonRow row, string field, JsonValueKind kind)
    {
        if (row.Find(field) is not { } value)
        {
            return null;
        }

        var expected = kind == JsonValueKind.Object ? "an object, or a text that holds one as JSON" : "a list, or a text that holds one as JSON";
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = row.TextOf(field, value);
            if (string.IsNullOrWhiteSpace(text))
            {
                return kind == JsonValueKind.Array ? null : throw row.Fault(field, $"\"{field}\" is empty; expected inputs and outputs");
            }

            value = JsonText.Parse(text, out var error);
            if (error is not null)
            {
                throw row.Fault(field, $"\"{field}\" is not valid JSON: {error}");
            }
        }

        return value.ValueKind == kind ? value : throw row.Wrong(field, value, expected);
    }

    private static List<TestCase> ReadTests(JsonRow cases, string? name)
    {
        var inputs = Items(cases, "inputs");
        var outputs = Items(cases, "outputs");
        if (inputs.Count != outputs.Count)
        {
            throw cases.Fault("outputs", $"\"outputs\" holds {outputs.Count} for {inputs.Count} inputs; expected one an input");
        }

        if (inputs.Count == 0)
        {
            throw cases.Fault("inputs", "\"inputs\" is empty; expected at least one test");
        }

        if (name is null)
        {
            return [.. inputs.Select((input, i) => new StdioTest(
                TextOf(cases, $"inputs[{i}]", input), TextOf(cases, $"outputs[{i}]", outputs[i])))];
        }

        if (!CallTest.IsName(name))
        {
            throw cases.Fault("fn_name", $"\"fn_name\" is \"{PythonAssertions.Shorten(name)}\"; expected the name of a function");
        }

        // Many rows wrap each result in a list, and APPS accepts the result with or without it.
        var isWrapped = outputs.TrueForAll(output => output.ValueKind == JsonValueKind.Array && output.GetArrayLength() == 1);
        return [.. inputs.Select((input, i) => input.ValueKind == JsonValueKind.Array
            ? CallTest.Of(cases, name, input, outputs[i], isWrapped)
            : throw cases.Wrong($"inputs[{i}]", input, "a list of arguments, since there is a fn_name"))];
    }

    private static List<JsonElement> Items(JsonRow cases, string field)
    {
        var value = cases.Get(field, "a list");
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw cases.Wrong(field, value, "a list");
    }

    // Some rows hold the lines of an input in a list.
    private static string TextOf(JsonRow cases, string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? string.Join('\n', cases.TextsOf(field, value)) : cases.TextOf(field, value);

    private static string SignatureOf(JsonRow row, string name, List<AssertionTest> tests, List<string> solutions) =>
        solutions.Prepend(row.TextOrNull("starter_code") is { } starter ? Completed(starter) : "")
            .Select(source => PythonBlock.SignatureOf(RowProblem.Lines(source), name)).FirstOrDefault(found => found is not null)
        ?? PythonSignature.Infer(tests)
        ?? throw row.Fault("input_output.fn_name", $"\"fn_name\" is \"{name}\", one of Python's own functions; expected a function of the program");

    // A starter that ends with its signature has no colon to spare.
    private static string Completed(string starter) => starter.TrimEnd().EndsWith(')') ? starter.TrimEnd() + ":" : starter;

    // Tests call a plain function; a method of LeetCode's class Solution gets one that calls it.
    private static string WithFunction(string program, string name) =>
        PythonBlock.FunctionsOf(program).Contains(name) || !PythonCalls.Mentions(program, "Solution")
            ? program
            : $"{program.TrimEnd()}\n\n\ndef {name}(*args):\n    return Solution().{name}(*args)\n";

    // The words of APPS, TACO and this project; another word says nothing.
    private static Difficulty? ReadDifficulty(JsonRow row) =>
        row.Find("difficulty") is not { ValueKind: JsonValueKind.String } value ? null : row.TextOf("difficulty", value).ToLowerInvariant() switch
        {
            "trivial" => Difficulty.Trivial,
            "introductory" or "easy" => Difficulty.Easy,
            "interview" or "medium" => Difficulty.Medium,
            "competition" or "medium_hard" or "hard" or "very_hard" => Difficulty.Hard,
            _ => null,
        };
}
