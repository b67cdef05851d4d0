using System.Text;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// HumanEval's function check(candidate) as tests, and back. An assertion that stands on its own becomes a test of its own;
/// loops, local values and what depends on them stay together as one test that is the function itself.
/// </summary>
internal static class CheckFunction
{
    private const string Name = "check";
    private const string Indent = "    ";

    /// <summary>Reads the field "test".</summary>
    /// <param name="row">The row.</param>
    /// <param name="prompt">The prompt, whose other functions the tests may call.</param>
    /// <param name="entryPoint">The function under test.</param>
    /// <param name="notes">Takes what is kept whole or left out.</param>
    /// <returns>The tests, at least one.</returns>
    public static List<AssertionTest> Read(JsonRow row, string prompt, string entryPoint, ICollection<DataFault> notes)
    {
        var blocks = PythonBlock.Split(RowProblem.Lines(row.Text("test")), out var error);
        if (error is not null)
        {
            throw row.Fault("test", $"\"test\" is no Python: {error}");
        }

        var check = blocks.Find(block => block.Head == "def" && PythonBlock.FunctionsOf(block.Text.TrimStart()) is [Name, ..])
            ?? throw row.Fault("test", "\"test\" defines no function check(candidate); expected one");
        var parameter = ParameterOf(check) ?? throw row.Fault("test", "\"check\" takes no argument; expected check(candidate)");
        var imports = blocks.Where(block => block.IsImport).ToList();
        var helpers = blocks.Where(block => block != check && !block.IsImport && !block.IsText && !block.Names.Contains("METADATA") && !block.Names.Contains(Name)).ToList();
        var own = PythonBlock.Split(prompt, out _);
        var ownHelpers = own.Where(block => block.Head is "def" or "class" && !block.Text.StartsWith($"def {entryPoint}(", StringComparison.Ordinal)).ToList();
        if (check.Names.Overlaps(ownHelpers.SelectMany(DefinedBy)))
        {
            // A model may leave out what the prompt gave; the test brings it along.
            helpers.InsertRange(0, own.Where(block => block.IsImport).Concat(ownHelpers));
        }

        var body = PythonBlock.Split(check.Body, out _).Where(block => !block.IsText && block.Head != "pass").ToList();
        return Sort(row, body, imports, helpers, parameter, entryPoint, notes);
    }

    /// <summary>Writes tests as the field "test".</summary>
    /// <exception cref="FormatException">A test is neither an assertion nor a function check of this class.</exception>
    public static string Write(IReadOnlyList<AssertionTest> tests, string entryPoint)
    {
        var call = $"\n{Name}({entryPoint})";
        var whole = tests.Where(test => test.Code.EndsWith(call, StringComparison.Ordinal)).ToList();
        if (whole.Count > 1)
        {
            throw new FormatException("it has several functions check, and humaneval holds one");
        }

        var text = new StringBuilder(whole.Count == 1 ? whole[0].Code[..^call.Length].TrimEnd('\n') + "\n" : $"def {Name}(candidate):\n");
        var indent = whole.Count == 1 ? LastIndent(text.ToString()) : Indent;
        var imports = new HashSet<string>(StringComparer.Ordinal);
        foreach (var test in tests.Where(test => !whole.Contains(test)))
        {
            if (PythonAssertions.Read(test.Code, out _, out var error) is not [_] || error is not null)
            {
                throw new FormatException($"its test \"{PythonAssertions.Shorten(test.Code)}\" is no single assertion");
            }

            var statements = PythonAssertions.StatementsOf(test);
            foreach (var statement in statements.Where((statement, i) => i == statements.Count - 1 || imports.Add(statement)))
            {
                text.Append(indent).Append(Rename(statement, entryPoint, "candidate")).Append('\n');
            }
        }

        return text.ToString();
    }

    private static List<AssertionTest> Sort(JsonRow row, List<PythonBlock> body, List<PythonBlock> imports, List<PythonBlock> helpers,
        string parameter, string entryPoint, ICollection<DataFault> notes)
    {
        imports = [.. imports, .. body.Where(block => block.IsImport)];
        body.RemoveAll(block => block.IsImport);

        // What an assertion shares a name with, it may depend on.
        var shared = body.Where(block => block.Head != "assert").SelectMany(block => block.Names).Concat(helpers.SelectMany(DefinedBy))
            .Where(name => name != parameter && name != entryPoint && !PythonCalls.IsBuiltIn(name) && name is not ("True" or "False" or "None"))
            .ToHashSet(StringComparer.Ordinal);
        var tests = new List<AssertionTest>();
        var rest = new List<PythonBlock>();
        var idle = 0;
        foreach (var block in body)
        {
            if (block.Head != "assert" || block.Names.Overlaps(shared))
            {
                rest.Add(block);
            }
            else if (!block.Names.Contains(parameter) && !block.Names.Contains(entryPoint))
            {
                idle++;
            }
            else if (Assertions(block, imports, parameter, entryPoint) is { } found)
            {
                tests.AddRange(found);
            }
            else
            {
                rest.Add(block);
            }
        }

        if (idle > 0)
        {
            notes.Add(row.Note("test", $"{idle} assertions that do not call {entryPoint} left out"));
        }

        if (rest.Exists(block => block.Names.Contains(parameter) || block.Names.Contains(entryPoint)))
        {
            notes.Add(row.Note("test", $"from \"{PythonAssertions.Shorten(rest[0].Text)}\" on, {rest.Count} statements of check depend on each other and are kept as one test"));
            tests.Add(new AssertionTest(Whole(rest, imports, helpers, parameter, entryPoint)));
        }

        return tests.Count > 0 ? tests : throw row.Fault("test", $"\"check\" never calls {parameter}; expected at least one assertion that does");
    }

    // The assertions of one line, each with the imports whose names it uses; null when the line holds anything else.
    private static List<AssertionTest>? Assertions(PythonBlock block, List<PythonBlock> imports, string parameter, string entryPoint)
    {
        var needed = imports.Where(import => import.Names.Any(name => name is not ("import" or "from" or "as") && block.Names.Contains(name)));
        var text = Rename(block.Text.TrimStart(), parameter, entryPoint);
        var source = string.Join('\n', [.. needed.Select(import => import.Text.TrimStart()), text]);
        var read = PythonAssertions.Read(source, out _, out var error);
        return error is null && read.Count > 0 ? read.ConvertAll(test => test.Test) : null;
    }

    private static string Whole(List<PythonBlock> rest, List<PythonBlock> imports, List<PythonBlock> helpers, string parameter, string entryPoint)
    {
        var text = new StringBuilder();
        foreach (var block in imports)
        {
            text.Append(block.Text.TrimStart()).Append('\n');
        }

        foreach (var block in helpers)
        {
            text.Append(block.Text).Append('\n');
        }

        text.Append("def ").Append(Name).Append('(').Append(parameter).Append("):\n");
        foreach (var block in rest)
        {
            text.Append(char.IsWhiteSpace(block.Text[0]) ? "" : Indent).Append(block.Text).Append('\n');
        }

        return text.Append(Name).Append('(').Append(entryPoint).Append(')').ToString();
    }

    private static IEnumerable<string> DefinedBy(PythonBlock block) => block.Head switch
    {
        "def" => PythonBlock.FunctionsOf(block.Text),
        "class" => block.Names.Skip(1).Take(1),
        _ when block.IsImport => [],
        _ => block.Names,
    };

    private static string? ParameterOf(PythonBlock check)
    {
        var tokens = PythonTokens.Scan(check.Text, out _, out _);
        var open = tokens.FindIndex(token => token.Is(check.Text, '('));
        return open >= 0 && open + 1 < tokens.Count && tokens[open + 1].Kind == PythonTokenKind.Name ? tokens[open + 1].TextIn(check.Text) : null;
    }

    private static string LastIndent(string text)
    {
        var body = text.LastIndexOf($"def {Name}(", StringComparison.Ordinal);
        var first = PythonBlock.Split(new PythonBlock(text[body..], "def", new HashSet<string>()).Body, out _)[0].Text;
        return first[..^first.TrimStart().Length];
    }

    // Puts one plain name in the place of another, outside texts, comments and attributes.
    private static string Rename(string source, string from, string to)
    {
        var tokens = PythonTokens.Scan(source, out _, out _);
        var text = new StringBuilder();
        var last = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == PythonTokenKind.Name && (i == 0 || !tokens[i - 1].Is(source, '.')) && source.AsSpan(tokens[i].Start, tokens[i].Length).SequenceEqual(from))
            {
                text.Append(source, last, tokens[i].Start - last).Append(to);
                last = tokens[i].End;
            }
        }

        return text.Append(source, last, source.Length - last).ToString();
    }
}
