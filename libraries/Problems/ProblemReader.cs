using System.Text;

namespace O1Coder.Problems;

/// <summary>Puts a problem together from one file.</summary>
/// <param name="source">The file.</param>
/// <param name="testsRequired">Whether a file without visible tests is malformed.</param>
internal sealed class ProblemReader(SourceText source, bool testsRequired)
{
    private readonly FrontMatter _front = FrontMatter.Read(source);

    /// <summary>Reads the problem.</summary>
    /// <param name="tests">Tests that take the place of those in the file, or null.</param>
    public Problem Read(TestSet? tests)
    {
        var document = MarkdownDocumentReader.Read(source, _front.LineCount);
        var (visible, hidden, used) = ReadTests(document, tests);
        var statement = ReadStatement(document, used);
        var mode = ReadMode(visible.Concat(hidden).Select(test => (ProblemMode?)test.Test.Mode).FirstOrDefault(), statement);
        var id = ReadId();
        var references = ReadSolutions(document, SectionKind.ReferenceSolution, Problem.MaxReferenceSolutions);
        var wrong = ReadSolutions(document, SectionKind.WrongSolution, 1);
        var signature = ReadSignature(mode, visible, hidden, statement);
        if (mode == ProblemMode.Function)
        {
            CheckEntryPoint(PythonSignature.NameOf(signature)!, visible, "visible tests");
            CheckEntryPoint(PythonSignature.NameOf(signature)!, hidden, "hidden tests");
        }

        return new Problem
        {
            Id = id,
            Title = ReadTitle(statement, id),
            Statement = statement,
            Difficulty = ReadDifficulty(),
            Mode = mode,
            Signature = signature,
            VisibleTests = [.. visible.Select(test => test.Test)],
            HiddenTests = [.. hidden.Select(test => test.Test)],
            ReferenceSolutions = references,
            WrongSolution = wrong.Count > 0 ? wrong[0] : null,
            Requires = ConditionBlocks.Read(source, document, mode, "requires"),
            Ensures = ConditionBlocks.Read(source, document, mode, "ensures"),
        };
    }

    public static string NameOf(ProblemMode mode) => mode == ProblemMode.Stdio ? "stdio" : "function";

    public static string NameOf(Difficulty difficulty) => difficulty switch
    {
        Difficulty.Trivial => "trivial",
        Difficulty.Easy => "easy",
        Difficulty.Medium => "medium",
        _ => "hard",
    };

    private (List<(TestCase Test, int Line)> Visible, List<(TestCase Test, int Line)> Hidden, List<FencedBlock> Used) ReadTests(
        MarkdownDocumentReader document, TestSet? tests)
    {
        if (tests is not null)
        {
            var all = tests.Visible.Concat(tests.Hidden).Select(test => (test, 0)).ToList();
            if (tests.Visible.Count == 0)
            {
                throw source.Fault(0, "tests", "the tests given with this problem hold no visible test");
            }

            TestBlocks.CheckOneMode(source, all, "tests");
            return (all[..tests.Visible.Count], all[tests.Visible.Count..], []);
        }

        var hidden = document.Find(SectionKind.HiddenTests);
        if (document.Find(SectionKind.VisibleTests) is { } section)
        {
            var visible = TestBlocks.Read(source, section);
            var held = hidden is null ? [] : TestBlocks.Read(source, hidden);
            TestBlocks.CheckOneMode(source, [.. visible, .. held], "hidden tests");
            return (visible, held, []);
        }

        if (hidden is not null && testsRequired)
        {
            throw source.Fault(hidden.Line, "visible tests", "hidden tests without visible tests; expected a section \"visible tests\"");
        }

        if (hidden is not null)
        {
            return ([], TestBlocks.Read(source, hidden), []);
        }

        var found = TestBlocks.Find(source, document.StatementBlocks, out var used);
        if (found.Count > 0 || !testsRequired)
        {
            return (found, [], used);
        }

        throw _front.LineCount == 0
            ? source.Fault(1, "front matter", "no front matter and no tests; expected \"---\", or a statement followed by a fenced block of asserts")
            : source.Fault(0, "visible tests", "no tests at all; expected a section \"visible tests\"");
    }

    // Without tests: a function where there is a signature, else a script.
    private ProblemMode ReadMode(ProblemMode? ofTests, string statement)
    {
        if (_front.Find("mode") is not var (value, line))
        {
            return ofTests
                ?? (_front.Find("signature") is not null || PythonSignature.FindLine(statement) is not null ? ProblemMode.Function : ProblemMode.Stdio);
        }

        var mode = value switch
        {
            "stdio" => ProblemMode.Stdio,
            "function" => ProblemMode.Function,
            _ => throw source.Fault(line, "mode", $"\"mode\" is \"{value}\"; expected stdio or function"),
        };
        return ofTests is null || mode == ofTests
            ? mode
            : throw source.Fault(line, "mode", $"\"mode\" is \"{value}\", but the tests are {(ofTests == ProblemMode.Stdio ? "inputs and outputs" : "assertions")}");
    }

    private string ReadStatement(MarkdownDocumentReader document, List<FencedBlock> used)
    {
        var statement = document.Statement(used);
        var line = document.StatementStart + 1;
        if (statement.Length == 0)
        {
            throw source.Fault(line, "statement", "the statement is missing; expected text before the tests");
        }

        return Encoding.UTF8.GetByteCount(statement) <= Problem.MaxStatementBytes
            ? statement
            : throw source.Fault(line, "statement", $"the statement is larger than {Problem.MaxStatementBytes / 1024} KiB");
    }

    private string ReadId()
    {
        if (_front.Find("id") is var (value, line))
        {
            return value.Length <= Problem.MaxIdLength && value.All(IsIdCharacter)
                ? value
                : throw source.Fault(line, "id", $"\"id\" is \"{PythonAssertions.Shorten(value)}\"; expected 1 to {Problem.MaxIdLength} letters a-z, digits, '-' and '_'");
        }

        // From the file's name: other characters become '-'.
        var id = new StringBuilder();
        foreach (var c in Path.GetFileNameWithoutExtension(source.Name))
        {
            if (IsIdCharacter(c))
            {
                id.Append(c);
            }
            else if (id.Length > 0 && id[^1] != '-')
            {
                id.Append('-');
            }
        }

        var text = id.ToString(0, Math.Min(id.Length, Problem.MaxIdLength)).Trim('-');
        return text.Length > 0 ? text : "problem";
    }

    private string ReadTitle(string statement, string id)
    {
        if (_front.Find("title") is var (value, _))
        {
            return value;
        }

        var first = statement.Split('\n')[0];
        var heading = first.StartsWith("# ", StringComparison.Ordinal) ? first.Trim().Trim('#').Trim() : "";
        return heading.Length > 0 ? heading : id;
    }

    private Difficulty? ReadDifficulty() => _front.Find("difficulty") switch
    {
        null => null,
        ("trivial", _) => Difficulty.Trivial,
        ("easy", _) => Difficulty.Easy,
        ("medium", _) => Difficulty.Medium,
        ("hard", _) => Difficulty.Hard,
        var (value, line) => throw source.Fault(line, "difficulty", $"\"difficulty\" is \"{PythonAssertions.Shorten(value)}\"; expected trivial, easy, medium or hard"),
    };

    private string ReadSignature(
        ProblemMode mode, List<(TestCase Test, int Line)> visible, List<(TestCase Test, int Line)> hidden, string statement)
    {
        if (_front.Find("signature") is not var (value, line))
        {
            if (mode == ProblemMode.Function && visible.Count + hidden.Count == 0)
            {
                return PythonSignature.FindLine(statement) ?? throw source.Fault(
                    0, "signature", "a function without tests and without a signature; expected a \"signature\" in the front matter or a line \"def NAME(…):\" in the statement");
            }

            return mode == ProblemMode.Stdio
                ? ""
                : PythonSignature.Infer([.. visible.Concat(hidden).Select(test => (AssertionTest)test.Test)])
                  ?? throw source.Fault(visible.Concat(hidden).First().Line, "signature", "the assertions call no function in common; expected a \"signature\" in the front matter");
        }

        if (mode == ProblemMode.Stdio)
        {
            throw source.Fault(line, "signature", "a problem with inputs and outputs has no signature; expected none");
        }

        return PythonSignature.IsValid(value)
            ? value
            : throw source.Fault(line, "signature", $"\"signature\" is \"{PythonAssertions.Shorten(value)}\"; expected a line such as \"def add(a: int, b: int) -> int:\"");
    }

    private void CheckEntryPoint(string name, List<(TestCase Test, int Line)> tests, string field)
    {
        foreach (var (test, line) in tests)
        {
            if (test is AssertionTest assertion && !PythonCalls.Mentions(assertion.Code, name))
            {
                throw source.Fault(line, field, $"the assertion \"{PythonAssertions.Shorten(assertion.Code)}\" does not mention {name}; expected a call of it");
            }
        }
    }

    private List<string> ReadSolutions(MarkdownDocumentReader document, SectionKind kind, int most)
    {
        if (document.Find(kind) is not { } section)
        {
            return [];
        }

        var field = MarkdownDocumentReader.NameOf(kind);
        if (section.Blocks.Count == 0 || section.Blocks.Count > most)
        {
            var expected = most == 1 ? "one" : $"1 to {most}";
            throw source.Fault(section.Line, field, $"section \"{field}\" holds {section.Blocks.Count} fenced blocks; expected {expected}");
        }

        return [.. section.Blocks.Select(block => ReadSolution(field, block))];
    }

    private string ReadSolution(string field, FencedBlock block)
    {
        if (!block.IsPython)
        {
            throw source.Fault(block.Line, field, $"fenced block labelled \"{PythonAssertions.Shorten(block.Label)}\"; expected \"python\"");
        }

        return string.IsNullOrWhiteSpace(block.Content)
            ? throw source.Fault(block.Line, field, $"section \"{field}\" is empty; expected a program")
            : block.Content.TrimEnd() + "\n";
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
