namespace O1Coder.Problems;

/// <summary>
/// Reads and writes problems as Markdown: front matter, a statement, and sections for tests and solutions.
/// problems/README.md documents the format and what is inferred when parts are absent.
/// </summary>
public static class ProblemMarkdown
{
    /// <summary>Reads a problem file of at most 256 KiB.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tests">Tests that take the place of those in the file, or null.</param>
    /// <param name="testsRequired">Whether a file without visible tests is malformed.</param>
    /// <returns>The problem; it has at least one visible test where they are required.</returns>
    /// <exception cref="ProblemFormatException">The file is missing, unreadable or malformed.</exception>
    public static Problem Read(string path, TestSet? tests = null, bool testsRequired = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ProblemReader(SourceText.FromFile(path), testsRequired).Read(tests);
    }

    /// <summary>Reads a problem from a stream, for example standard input, of at most 256 KiB.</summary>
    /// <param name="stream">The stream, read to its end and left open.</param>
    /// <param name="sourceName">A name for messages and, without an id, for the problem.</param>
    /// <param name="tests">Tests that take the place of those in the text, or null.</param>
    /// <param name="testsRequired">Whether a text without visible tests is malformed.</param>
    /// <returns>The problem; it has at least one visible test where they are required.</returns>
    /// <exception cref="ProblemFormatException">The text is malformed.</exception>
    public static Problem Read(Stream stream, string sourceName, TestSet? tests = null, bool testsRequired = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(sourceName);
        return new ProblemReader(SourceText.FromStream(stream, sourceName), testsRequired).Read(tests);
    }

    /// <summary>Reads a problem from a text of at most 256 KiB.</summary>
    /// <param name="text">The Markdown.</param>
    /// <param name="sourceName">A name for messages and, without an id, for the problem.</param>
    /// <param name="tests">Tests that take the place of those in the text, or null.</param>
    /// <param name="testsRequired">Whether a text without visible tests is malformed.</param>
    /// <returns>The problem; it has at least one visible test where they are required.</returns>
    /// <exception cref="ProblemFormatException">The text is malformed.</exception>
    public static Problem Parse(string text, string sourceName, TestSet? tests = null, bool testsRequired = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sourceName);
        return new ProblemReader(SourceText.FromString(text, sourceName), testsRequired).Read(tests);
    }

    /// <summary>
    /// Writes a problem in the format. Parsing the text gives <see cref="Canonical(Problem)"/> of the problem, which the method
    /// checks before it returns.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <returns>The Markdown.</returns>
    /// <exception cref="ProblemFormatException">The problem breaks a rule of the format, for example a bad id.</exception>
    public static string Write(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var canonical = Canonical(problem);
        var text = ProblemWriter.Write(canonical);
        var name = $"problem \"{PythonAssertions.Shorten(problem.Id)}\"";
        return Parse(text, name).Equals(canonical)
            ? text
            : throw new ProblemFormatException(name, 0, "", "cannot be written so that it reads back the same, for example because its statement holds a heading of the format or its tests are no single assertions");
    }

    /// <summary>
    /// A problem as the format keeps it: '\n' between lines, no empty lines around statement and assertions, and one
    /// '\n' at the end of solutions and of inputs and outputs that are not empty.
    /// </summary>
    /// <param name="problem">The problem.</param>
    public static Problem Canonical(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem with
        {
            Title = problem.Title.Trim(),
            Signature = problem.Signature.Trim(),
            Statement = Lines(problem.Statement).Trim('\n', ' ', '\t'),
            VisibleTests = [.. problem.VisibleTests.Select(Canonical)],
            HiddenTests = [.. problem.HiddenTests.Select(Canonical)],
            ReferenceSolutions = [.. problem.ReferenceSolutions.Select(reference => Ended(reference.TrimEnd()))],
            WrongSolution = problem.WrongSolution is { } wrong ? Ended(wrong.TrimEnd()) : null,
            Requires = [.. problem.Requires.Select(condition => condition.Trim())],
            Ensures = [.. problem.Ensures.Select(condition => condition.Trim())],
        };
    }

    private static TestCase Canonical(TestCase test) => test switch
    {
        StdioTest stdio => new StdioTest(Ended(stdio.Stdin), Ended(stdio.Stdout)),
        AssertionTest assertion => new AssertionTest(string.Join('\n', PythonAssertions.StatementsOf(new AssertionTest(Lines(assertion.Code))))),
        _ => test,
    };

    private static string Ended(string text)
    {
        var lines = Lines(text);
        return lines.Length == 0 || lines.EndsWith('\n') ? lines : lines + "\n";
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');
}
