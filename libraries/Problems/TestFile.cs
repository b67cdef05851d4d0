using System.Text.Json;

namespace O1Coder.Problems;

/// <summary>Reads tests that stand in a file of their own. The extension says the format.</summary>
public static class TestFile
{
    /// <summary>
    /// Reads a test file of at most 256 KiB:
    /// <list type="bullet">
    /// <item>.py or .txt: assert statements, and imports that they need; all visible.</item>
    /// <item>.md: the sections "Visible tests" (or "Tests") and "Hidden tests" of the problem format; without any,
    /// the fenced blocks that hold tests.</item>
    /// <item>.jsonl: one object a line, {"stdin": "…", "stdout": "…"}; all visible.</item>
    /// </list>
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The tests; at least one is visible, all are of one mode.</returns>
    /// <exception cref="ProblemFormatException">The file is missing, unreadable or malformed.</exception>
    public static TestSet Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension switch
        {
            ".py" or ".txt" => ReadPython(SourceText.FromFile(path)),
            ".md" => ReadMarkdown(SourceText.FromFile(path)),
            ".jsonl" => ReadJsonLines(SourceText.FromFile(path)),
            _ => throw new ProblemFormatException(path, 0, "tests", $"test files end in .py, .txt, .md or .jsonl; this one in \"{extension}\""),
        };
    }

    private static TestSet ReadPython(SourceText source)
    {
        var tests = PythonAssertions.Read(source.Text, out var errorLine, out var error);
        if (error is not null)
        {
            throw source.Fault(errorLine + 1, "tests", error);
        }

        return tests.Count > 0
            ? new TestSet([.. tests.Select(test => test.Test)], [])
            : throw source.Fault(0, "tests", "the file holds no assert statement");
    }

    private static TestSet ReadMarkdown(SourceText source)
    {
        var document = MarkdownDocumentReader.Read(source, FrontMatter.Read(source).LineCount);
        if (document.Find(SectionKind.VisibleTests) is { } visible)
        {
            var tests = TestBlocks.Read(source, visible);
            var hidden = document.Find(SectionKind.HiddenTests) is { } section ? TestBlocks.Read(source, section) : [];
            TestBlocks.CheckOneMode(source, [.. tests, .. hidden], "hidden tests");
            return new TestSet([.. tests.Select(test => test.Test)], [.. hidden.Select(test => test.Test)]);
        }

        if (document.Find(SectionKind.HiddenTests) is { } alone)
        {
            throw source.Fault(alone.Line, "visible tests", "hidden tests without visible tests; expected a section \"visible tests\"");
        }

        var found = TestBlocks.Find(source, document.StatementBlocks, out _);
        return found.Count > 0
            ? new TestSet([.. found.Select(test => test.Test)], [])
            : throw source.Fault(0, "tests", "the file holds no tests; expected a section \"visible tests\" or a fenced block of asserts");
    }

    private static TestSet ReadJsonLines(SourceText source)
    {
        var tests = new List<TestCase>();
        var lines = source.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
            {
                tests.Add(ReadJson(source, lines[i], i + 1));
            }
        }

        return tests.Count > 0 ? new TestSet(tests, []) : throw source.Fault(0, "tests", "the file holds no tests");
    }

    private static StdioTest ReadJson(SourceText source, string text, int line)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw source.Fault(line, "tests", "the line is no JSON object; expected {\"stdin\": \"…\", \"stdout\": \"…\"}");
            }

            string? stdin = null;
            string? stdout = null;
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name is not ("stdin" or "stdout"))
                {
                    throw source.Fault(line, property.Name, $"unknown key \"{PythonAssertions.Shorten(property.Name)}\"; expected stdin and stdout");
                }

                if (property.Value.ValueKind != JsonValueKind.String)
                {
                    throw source.Fault(line, property.Name, $"\"{property.Name}\" is no text; expected a JSON string");
                }

                var isTwice = (property.Name == "stdin" ? stdin : stdout) is not null;
                if (isTwice)
                {
                    throw source.Fault(line, property.Name, $"\"{property.Name}\" stands twice");
                }

                _ = property.Name == "stdin" ? stdin = property.Value.GetString() : stdout = property.Value.GetString();
            }

            return new StdioTest(
                stdin ?? throw source.Fault(line, "stdin", "\"stdin\" is missing; expected a JSON string"),
                stdout ?? throw source.Fault(line, "stdout", "\"stdout\" is missing; expected a JSON string"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw source.Fault(line, "tests", "the line is not valid JSON; expected {\"stdin\": \"…\", \"stdout\": \"…\"}", e);
        }
    }
}
