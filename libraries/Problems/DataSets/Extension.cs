using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// What a foreign format has no word for, kept under a key of its own that other readers ignore, so that a problem reads back
/// as it was written. Only what differs is written.
/// </summary>
internal static class Extension
{
    /// <summary>The key.</summary>
    public const string Key = "o1coder";

    /// <summary>Puts what stands under the key in the place of what the other fields say.</summary>
    /// <exception cref="DataSetFormatException">It is malformed.</exception>
    public static RowProblem Apply(JsonRow row, RowProblem read)
    {
        if (row.Find(Key) is not { } value)
        {
            return read;
        }

        var json = value;
        if (value.ValueKind == JsonValueKind.String)
        {
            json = JsonText.Parse(row.TextOf(Key, value), out var error);
            if (error is not null)
            {
                throw row.Fault(Key, $"\"{Key}\" is not valid JSON: {error}");
            }
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            throw row.Wrong(Key, json, "an object");
        }

        var own = new JsonRow("", row.Line, json);
        try
        {
            return Apply(own, read);
        }
        catch (DataSetFormatException e)
        {
            throw row.Fault($"{Key}.{e.Fault.Field}", $"in \"{Key}\": {e.Fault.Detail}", e);
        }

        static RowProblem Apply(JsonRow own, RowProblem read)
        {
            var problem = read.Problem;
            var id = own.TextOrNull("id");
            if (id is not null && (id.Length is 0 or > Problem.MaxIdLength || id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))))
            {
                throw own.Fault("id", $"\"id\" is \"{PythonAssertions.Shorten(id)}\"; expected 1 to {Problem.MaxIdLength} letters a-z, digits, '-' and '_'");
            }

            var signature = own.TextOrNull("signature") ?? problem.Signature;
            if (signature.Length > 0 && !PythonSignature.IsValid(signature))
            {
                throw own.Fault("signature", $"\"signature\" is \"{PythonAssertions.Shorten(signature)}\"; expected a line such as \"def add(a: int, b: int) -> int:\"");
            }

            var tests = problem.VisibleTests.Concat(problem.HiddenTests).ToList();
            if (own.Has("tests"))
            {
                var texts = own.Texts("tests");
                tests = texts.Count == tests.Count && problem.Mode == ProblemMode.Function
                    ? [.. texts.Select(text => new AssertionTest(text))]
                    : throw own.Fault("tests", $"\"tests\" holds {texts.Count} tests; expected the {tests.Count} assertions of the row");
            }

            var visible = problem.VisibleTests.Count;
            if (own.Find("visible_tests") is { } count && (count.ValueKind != JsonValueKind.Number || !count.TryGetInt32(out visible) || visible < 1 || visible > tests.Count))
            {
                throw own.Fault("visible_tests", $"\"visible_tests\" is {PythonAssertions.Shorten(count.GetRawText())}; expected a number from 1 to {tests.Count}");
            }

            return new RowProblem(
                problem with
                {
                    Id = id ?? problem.Id,
                    Title = own.TextOrNull("title") ?? problem.Title,
                    Statement = own.TextOrNull("statement") ?? problem.Statement,
                    Difficulty = own.Has("difficulty") ? ReadDifficulty(own) : problem.Difficulty,
                    Signature = signature,
                    VisibleTests = tests[..visible],
                    HiddenTests = tests[visible..],
                    ReferenceSolutions = own.Has("solutions") ? own.Texts("solutions") : problem.ReferenceSolutions,
                    WrongSolution = own.TextOrNull("wrong_solution") ?? problem.WrongSolution,
                },
                read.HasOwnId || id is not null);
        }
    }

    /// <summary>Writes what reading back would otherwise change.</summary>
    /// <param name="json">The open object of the row.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="read">What the row's other fields read back as.</param>
    public static void Write(Utf8JsonWriter json, Problem problem, Problem read)
    {
        if (problem.Equals(read))
        {
            return;
        }

        json.WriteStartObject(Key);
        WriteText(json, "id", problem.Id, read.Id);
        WriteText(json, "title", problem.Title, read.Title);
        WriteText(json, "statement", problem.Statement, read.Statement);
        WriteText(json, "signature", problem.Signature, read.Signature);
        WriteText(json, "wrong_solution", problem.WrongSolution, read.WrongSolution);
        if (problem.Difficulty != read.Difficulty)
        {
            json.WriteString("difficulty", problem.Difficulty is { } difficulty ? ProblemReader.NameOf(difficulty) : "");
        }

        var (tests, readTests) = (problem.VisibleTests.Concat(problem.HiddenTests), read.VisibleTests.Concat(read.HiddenTests));
        if (problem.Mode == ProblemMode.Function && !tests.SequenceEqual(readTests))
        {
            WriteTexts(json, "tests", tests.OfType<AssertionTest>().Select(test => test.Code));
        }

        if (problem.VisibleTests.Count != read.VisibleTests.Count)
        {
            json.WriteNumber("visible_tests", problem.VisibleTests.Count);
        }

        if (!problem.ReferenceSolutions.SequenceEqual(read.ReferenceSolutions))
        {
            WriteTexts(json, "solutions", problem.ReferenceSolutions);
        }

        json.WriteEndObject();
    }

    private static Difficulty? ReadDifficulty(JsonRow own) => own.Text("difficulty") switch
    {
        "" => null,
        "trivial" => Difficulty.Trivial,
        "easy" => Difficulty.Easy,
        "medium" => Difficulty.Medium,
        "hard" => Difficulty.Hard,
        var text => throw own.Fault("difficulty", $"\"difficulty\" is \"{PythonAssertions.Shorten(text)}\"; expected trivial, easy, medium or hard"),
    };

    private static void WriteText(Utf8JsonWriter json, string field, string? value, string? read)
    {
        if (value != read)
        {
            json.WriteString(field, value ?? "");
        }
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
