namespace O1Coder.Problems;

/// <summary>Cuts Python source into assertion tests.</summary>
internal static class PythonAssertions
{
    /// <summary>
    /// Reads a source that holds assert statements and, before those that need them, import statements. An import
    /// holds for every assertion after it; comments and empty lines are dropped.
    /// </summary>
    /// <param name="source">The text; its lines end with '\n'.</param>
    /// <param name="errorLine">The line of the fault, from 0; meaningless without one.</param>
    /// <param name="error">What is wrong, or null.</param>
    /// <returns>The assertions, each with its line from 0; incomplete when there is a fault.</returns>
    public static List<(AssertionTest Test, int Line)> Read(string source, out int errorLine, out string? error)
    {
        var tests = new List<(AssertionTest, int)>();
        var imports = new List<string>();
        var tokens = PythonTokens.Scan(source, out errorLine, out error);
        var first = 0;
        for (var i = 0; i < tokens.Count && error is null; i++)
        {
            if (tokens[i].Kind != PythonTokenKind.StatementEnd)
            {
                continue;
            }

            var start = tokens[first];
            var statement = source[start.Start..tokens[i - 1].End];
            var word = start.Kind == PythonTokenKind.Name ? start.TextIn(source) : "";
            errorLine = start.Line;
            if (start.Start > 0 && source[start.Start - 1] is ' ' or '\t' && (first == 0 || source[tokens[first - 1].Start] == '\n'))
            {
                error = "the statement is indented; expected an assert at the start of the line";
            }
            else if (word == "assert" && i - first < 2)
            {
                error = "assert stands alone; expected a condition after it";
            }
            else if (word == "assert")
            {
                tests.Add((new AssertionTest(string.Join('\n', [.. imports, statement])), start.Line));
            }
            else if (word is not ("import" or "from"))
            {
                error = $"found \"{Shorten(statement)}\"; expected an assert statement";
            }
            else if (!imports.Contains(statement))
            {
                imports.Add(statement);
            }

            first = i + 1;
        }

        return tests;
    }

    /// <summary>The statements of one test: its imports and, last, its assert.</summary>
    public static IReadOnlyList<string> StatementsOf(AssertionTest test)
    {
        var statements = new List<string>();
        var tokens = PythonTokens.Scan(test.Code, out _, out _);
        var first = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == PythonTokenKind.StatementEnd)
            {
                statements.Add(test.Code[tokens[first].Start..tokens[i - 1].End]);
                first = i + 1;
            }
        }

        return statements;
    }

    /// <summary>The first line of a text, at most 40 characters.</summary>
    public static string Shorten(string text)
    {
        var line = text.AsSpan().TrimStart();
        var end = line.IndexOf('\n');
        line = end < 0 ? line : line[..end];
        return line.Length > 40 ? $"{line[..40]}…" : line.ToString();
    }
}
