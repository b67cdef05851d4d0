using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// HumanEval: task_id, prompt, entry_point, canonical_solution, test. Source: Chen et al., "Evaluating Large Language Models
/// Trained on Code" (arXiv 2107.03374).
/// </summary>
internal sealed class HumanEvalShape : IRowShape
{
    private const string Opening = "Complete this Python function.\n\n```python\n";
    private const string Closing = "\n```";

    public DataSetFormat Format => DataSetFormat.HumanEval;

    public bool Fits(JsonRow row) => row.Has("entry_point") && row.Has("test");

    public RowProblem Read(JsonRow row, ICollection<DataFault> notes)
    {
        var prompt = RowProblem.Lines(row.Text("prompt"));
        var name = row.Text("entry_point").Trim();
        if (!CallTest.IsName(name))
        {
            throw row.Fault("entry_point", $"\"entry_point\" is \"{PythonAssertions.Shorten(name)}\"; expected the name of a function");
        }

        var signature = PythonBlock.SignatureOf(prompt, name)
            ?? throw row.Fault("prompt", $"\"prompt\" holds no \"def {name}(…):\"; expected the function of \"entry_point\"");
        var solution = row.TextOrNull("canonical_solution");
        var problem = new Problem
        {
            Id = "",
            Title = name,
            Statement = prompt.Contains("```", StringComparison.Ordinal) ? Fenced(prompt, "````") : Fenced(prompt, "```"),
            Mode = ProblemMode.Function,
            Signature = signature,
            VisibleTests = CheckFunction.Read(row, prompt, name, notes),
            ReferenceSolutions = string.IsNullOrWhiteSpace(solution) ? [] : [prompt + RowProblem.Lines(solution)],
        };
        return RowProblem.Of(row, ["task_id"], "humaneval", "prompt", problem, notes);
    }

    public void Write(Utf8JsonWriter json, Problem problem)
    {
        if (problem.Mode != ProblemMode.Function)
        {
            throw new FormatException("its tests are inputs and outputs, and humaneval holds assertions");
        }

        var prompt = PromptOf(problem);
        var program = problem.ReferenceSolution ?? "";
        var opening = problem.Signature + "\n";
        var body = program.StartsWith(prompt, StringComparison.Ordinal) ? program[prompt.Length..]
            : program.StartsWith(opening, StringComparison.Ordinal) ? program[opening.Length..]
            : program.Length > 0 ? $"    pass\n\n\n{program}" : "";
        json.WriteString("task_id", problem.Id);
        json.WriteString("prompt", prompt);
        json.WriteString("entry_point", problem.EntryPoint);
        json.WriteString("canonical_solution", body);
        json.WriteString("test", CheckFunction.Write([.. problem.VisibleTests.Concat(problem.HiddenTests).Cast<AssertionTest>()], problem.EntryPoint!));
    }

    private static string Fenced(string prompt, string fence) =>
        Opening.Replace("```", fence, StringComparison.Ordinal) + prompt.Trim('\n') + Closing.Replace("```", fence, StringComparison.Ordinal);

    // The prompt that a statement came from, else the signature with the statement as its docstring.
    private static string PromptOf(Problem problem)
    {
        var statement = problem.Statement;
        if (statement.StartsWith(Opening, StringComparison.Ordinal) && statement.EndsWith(Closing, StringComparison.Ordinal)
            && statement.Length > Opening.Length + Closing.Length)
        {
            var prompt = statement[Opening.Length..^Closing.Length] + "\n";
            if (PythonBlock.SignatureOf(prompt, problem.EntryPoint!) is not null)
            {
                return prompt;
            }
        }

        var text = statement.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"\"\"", "\\\"\\\"\\\"", StringComparison.Ordinal);
        text = text.EndsWith('"') ? text + " " : text;
        return $"{problem.Signature}\n    \"\"\"{text.Replace("\n", "\n    ", StringComparison.Ordinal)}\"\"\"\n";
    }
}
