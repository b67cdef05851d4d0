using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Problems;

/// <summary>Writes a canonical problem as Markdown.</summary>
internal static class ProblemWriter
{
    // A JSON text is a YAML text too; this encoder leaves other scripts readable.
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Problem problem)
    {
        var text = new StringBuilder();
        text.Append("---\n");
        AppendKey(text, "id", problem.Id);
        AppendKey(text, "title", problem.Title);
        if (problem.Difficulty is { } difficulty)
        {
            text.Append("difficulty: ").Append(ProblemReader.NameOf(difficulty)).Append('\n');
        }

        text.Append("mode: ").Append(ProblemReader.NameOf(problem.Mode)).Append('\n');
        if (problem.Mode == ProblemMode.Function)
        {
            AppendKey(text, "signature", problem.Signature);
        }

        text.Append("---\n\n").Append(problem.Statement).Append('\n');
        AppendTests(text, "Visible tests", problem.VisibleTests);
        if (problem.HiddenTests.Count > 0)
        {
            AppendTests(text, "Hidden tests", problem.HiddenTests);
        }

        AppendSolutions(text, "Reference solution", problem.ReferenceSolutions);
        AppendSolutions(text, "Wrong solution", problem.WrongSolution is { } wrong ? [wrong] : []);
        if (problem.Requires.Count + problem.Ensures.Count > 0)
        {
            text.Append("\n## Conditions\n");
            AppendConditions(text, "requires", problem.Requires);
            AppendConditions(text, "ensures", problem.Ensures);
        }

        return text.ToString();
    }

    private static void AppendConditions(StringBuilder text, string label, IReadOnlyList<string> conditions)
    {
        if (conditions.Count > 0)
        {
            AppendFence(text, label, string.Concat(conditions.Select(condition => condition + "\n")));
        }
    }

    private static void AppendKey(StringBuilder text, string key, string value) =>
        text.Append(key).Append(": ").Append(JsonSerializer.Serialize(value, s_readable)).Append('\n');

    private static void AppendTests(StringBuilder text, string heading, IReadOnlyList<TestCase> tests)
    {
        text.Append("\n## ").Append(heading).Append('\n');
        var asserts = new StringBuilder();
        var imports = "";
        foreach (var test in tests)
        {
            if (test is StdioTest stdio)
            {
                AppendFence(text, "input", stdio.Stdin);
                AppendFence(text, "output", stdio.Stdout);
            }
            else if (test is AssertionTest assertion)
            {
                var statements = PythonAssertions.StatementsOf(assertion);
                var own = string.Concat(statements.SkipLast(1).Select(line => line + "\n"));
                if (own != imports && asserts.Length > 0)
                {
                    // Imports hold for the rest of their block: other imports, another block.
                    AppendFence(text, "python", asserts.ToString());
                    asserts.Clear();
                }

                if (asserts.Length == 0)
                {
                    asserts.Append(own);
                    imports = own;
                }

                asserts.Append(statements.Count > 0 ? statements[^1] : "").Append('\n');
            }
        }

        if (asserts.Length > 0)
        {
            AppendFence(text, "python", asserts.ToString());
        }
    }

    private static void AppendSolutions(StringBuilder text, string heading, IReadOnlyList<string> programs)
    {
        if (programs.Count > 0)
        {
            text.Append("\n## ").Append(heading).Append('\n');
            foreach (var program in programs)
            {
                AppendFence(text, "python", program);
            }
        }
    }

    private static void AppendFence(StringBuilder text, string label, string content)
    {
        // One backtick more than the longest run inside, so that nothing inside closes the block.
        var longest = 0;
        var run = 0;
        foreach (var c in content)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        text.Append('\n').Append(fence).Append(label).Append('\n').Append(content).Append(fence).Append('\n');
    }
}
