namespace O1Coder.Problems;

/// <summary>Reads tests from fenced blocks: "python" with asserts, or pairs of "input" and "output".</summary>
internal static class TestBlocks
{
    /// <summary>Reads every block of a test section.</summary>
    /// <param name="source">The file, for faults.</param>
    /// <param name="section">The section.</param>
    /// <returns>The tests, at least one, each with its line from 1; all of one mode.</returns>
    public static List<(TestCase Test, int Line)> Read(SourceText source, MarkdownSection section)
    {
        var field = MarkdownDocumentReader.NameOf(section.Kind);
        var tests = new List<(TestCase Test, int Line)>();
        for (var i = 0; i < section.Blocks.Count; i++)
        {
            var block = section.Blocks[i];
            if (block.IsPython)
            {
                tests.AddRange(ReadAsserts(source, block, field));
            }
            else if (block.Label == "input")
            {
                if (i + 1 >= section.Blocks.Count || section.Blocks[i + 1].Label != "output")
                {
                    throw source.Fault(block.Line, field, "this input has no output; expected a fenced block \"output\" right after it");
                }

                tests.Add((new StdioTest(block.Content, section.Blocks[++i].Content), block.Line));
            }
            else
            {
                var problem = block.Label == "output" ? "this output has no input before it" : $"fenced block labelled \"{PythonAssertions.Shorten(block.Label)}\"";
                throw source.Fault(block.Line, field, $"{problem}; expected \"python\" with asserts, or \"input\" and then \"output\"");
            }
        }

        if (tests.Count == 0)
        {
            throw source.Fault(section.Line, field, $"section \"{field}\" holds no tests; expected a fenced block");
        }

        CheckOneMode(source, tests, field);
        return tests;
    }

    /// <summary>
    /// Finds tests in the statement of a file that has no test section: Python or unlabelled blocks that hold nothing but
    /// asserts, and pairs of input and output blocks.
    /// </summary>
    /// <param name="source">The file, for faults.</param>
    /// <param name="blocks">The statement's fenced blocks.</param>
    /// <param name="used">The blocks that hold the tests.</param>
    /// <returns>The tests, each with its line from 1; all of one mode; empty when there are none.</returns>
    public static List<(TestCase Test, int Line)> Find(SourceText source, List<FencedBlock> blocks, out List<FencedBlock> used)
    {
        var tests = new List<(TestCase Test, int Line)>();
        used = [];
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            if ((block.IsPython || block.Label.Length == 0) && block.Content.TrimStart().StartsWith("assert", StringComparison.Ordinal))
            {
                tests.AddRange(ReadAsserts(source, block, "tests"));
                used.Add(block);
            }
            else if (block.Label == "input" && i + 1 < blocks.Count && blocks[i + 1].Label == "output")
            {
                tests.Add((new StdioTest(block.Content, blocks[i + 1].Content), block.Line));
                used.AddRange([block, blocks[++i]]);
            }
        }

        CheckOneMode(source, tests, "tests");
        return tests;
    }

    /// <summary>The fault of tests of both modes side by side, if that is so.</summary>
    public static void CheckOneMode(SourceText source, List<(TestCase Test, int Line)> tests, string field)
    {
        var other = tests.Find(test => test.Test.Mode != tests[0].Test.Mode);
        if (other.Test is not null)
        {
            throw source.Fault(other.Line, field, "assertions and input/output tests stand together; expected one kind");
        }
    }

    private static IEnumerable<(TestCase Test, int Line)> ReadAsserts(SourceText source, FencedBlock block, string field)
    {
        var tests = PythonAssertions.Read(block.Content, out var errorLine, out var error);
        if (error is not null)
        {
            throw source.Fault(block.Line + 1 + errorLine, field, error);
        }

        return tests.Count > 0
            ? tests.Select(test => ((TestCase)test.Test, block.Line + 1 + test.Line))
            : throw source.Fault(block.Line, field, "this block holds no assert statement");
    }
}
