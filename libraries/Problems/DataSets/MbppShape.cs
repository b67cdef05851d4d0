using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// MBPP, as published (task_id, text, code, test_list, test_setup_code, challenge_test_list) and sanitized (prompt,
/// test_imports). Source: Austin et al., "Program Synthesis with Large Language Models" (arXiv 2108.07732).
/// </summary>
internal sealed class MbppShape : IRowShape
{
    public DataSetFormat Format => DataSetFormat.Mbpp;

    public bool Fits(JsonRow row) => row.Has("test_list");

    public RowProblem Read(JsonRow row, ICollection<DataFault> notes)
    {
        var statementField = row.Has("text") ? "text" : "prompt";
        var statement = RowProblem.Lines(row.Text(statementField));
        var code = RowProblem.Lines(row.TextOrNull("code") ?? "");
        var tests = ReadTests(row, notes);
        if (row.Find("challenge_test_list") is { ValueKind: JsonValueKind.Array } challenge && challenge.GetArrayLength() > 0)
        {
            notes.Add(row.Note("challenge_test_list", $"{challenge.GetArrayLength()} challenge tests left out: MBPP judges by test_list"));
        }

        var problem = new Problem
        {
            Id = "",
            Title = "",
            Statement = statement,
            Mode = ProblemMode.Function,
            Signature = EntryPoint.SignatureOf(row, "test_list", tests, code),
            VisibleTests = tests,
            ReferenceSolutions = string.IsNullOrWhiteSpace(code) ? [] : [code],
        };
        return RowProblem.Of(row, ["task_id"], "mbpp", statementField, problem, notes);
    }

    public void Write(Utf8JsonWriter json, Problem problem)
    {
        if (problem.Mode != ProblemMode.Function)
        {
            throw new FormatException("its tests are inputs and outputs, and mbpp holds assertions");
        }

        if (problem.Id.StartsWith("mbpp-", StringComparison.Ordinal) && int.TryParse(problem.Id.AsSpan(5), out var number) && $"mbpp-{number}" == problem.Id)
        {
            json.WriteNumber("task_id", number);
        }
        else
        {
            json.WriteString("task_id", problem.Id);
        }

        json.WriteString("text", problem.Statement);
        json.WriteString("code", problem.ReferenceSolution ?? "");
        json.WriteStartArray("test_list");
        foreach (var test in problem.VisibleTests.Concat(problem.HiddenTests).OfType<AssertionTest>())
        {
            json.WriteStringValue(test.Code);
        }

        json.WriteEndArray();
        json.WriteString("test_setup_code", "");
        json.WriteStartArray("challenge_test_list");
        json.WriteEndArray();
    }

    private static List<AssertionTest> ReadTests(JsonRow row, ICollection<DataFault> notes)
    {
        var setup = new List<string>();
        if (row.TextOrNull("test_setup_code") is { } code && !string.IsNullOrWhiteSpace(code))
        {
            setup.Add(RowProblem.Lines(code).Trim('\n'));
        }

        if (row.Has("test_imports"))
        {
            setup.AddRange(row.Texts("test_imports").Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => RowProblem.Lines(text).Trim('\n')));
        }

        var tests = new List<AssertionTest>();
        var texts = row.Texts("test_list");
        for (var i = 0; i < texts.Count; i++)
        {
            var field = $"test_list[{i}]";
            var text = RowProblem.Lines(texts[i]).Trim('\n', ' ', '\t');
            var source = string.Join('\n', [.. setup, text]);
            var read = PythonAssertions.Read(source, out _, out var error);
            if (error is null && read.Count > 0)
            {
                tests.AddRange(read.Select(test => test.Test));
                continue;
            }

            _ = PythonTokens.Scan(source, out _, out var broken);
            if (broken is not null || !PythonCalls.Mentions(text, "assert"))
            {
                throw row.Fault(field, $"\"{field}\" is \"{PythonAssertions.Shorten(text)}\": {broken ?? "it holds no assert statement"}; expected an assertion");
            }

            notes.Add(row.Note(field, $"\"{field}\" is more than imports and an assertion and is kept whole"));
            tests.Add(new AssertionTest(source));
        }

        return tests.Count > 0 ? tests : throw row.Fault("test_list", "\"test_list\" is empty; expected at least one assertion");
    }
}
