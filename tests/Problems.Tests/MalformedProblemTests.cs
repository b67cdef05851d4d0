using System.Diagnostics;

namespace O1Coder.Problems.Tests;

public sealed class MalformedProblemTests
{
    private const string Front = "---\ntitle: T\nmode: function\nsignature: \"def f(a: int) -> int:\"\n---\n";
    private const string Tests = "\n## Visible tests\n\n```python\nassert f(1) == 1\n```\n";
    private const string Stdio = "---\nmode: stdio\n---\nDo it.\n\n## Visible tests\n\n";

    public static TheoryData<string, int, string, string> Cases => new()
    {
        { "", 1, "front matter", "no front matter and no tests; expected \"---\", or a statement followed by a fenced block of asserts" },
        { "Just a text.\n", 1, "front matter", "no front matter and no tests" },
        { "---\ntitle: T\n", 1, "front matter", "the front matter is never closed" },
        { "---\ntitle: T\n---\nDo it.\n", 0, "visible tests", "no tests at all; expected a section \"visible tests\"" },
        { "---\n---\nDo it.\n", 0, "visible tests", "no tests at all" },
        { "---\n- a\n---\nDo it." + Tests, 2, "front matter", "the front matter has no keys" },
        { "---\ntitle: T\n\ndifficulty: foo\n---\nDo it.\n" + Tests, 4, "difficulty", "\"difficulty\" is \"foo\"; expected trivial, easy, medium or hard" },
        { "---\ndifficulty: Easy\n---\nDo it.\n" + Tests, 2, "difficulty", "\"difficulty\" is \"Easy\"" },
        { "---\nauthor: me\n---\nDo it.\n" + Tests, 2, "author", "unknown key \"author\"; expected id, title, difficulty, mode or signature" },
        { "---\ntitle: a\ntitle: b\n---\nDo it.\n" + Tests, 3, "title", "\"title\" stands twice" },
        { "---\ntitle: [a, b]\n---\nDo it.\n" + Tests, 2, "title", "\"title\" is no plain text" },
        { "---\n[a]: b\n---\nDo it.\n" + Tests, 2, "front matter", "a key that is no plain text" },
        { "---\ntitle:\n---\nDo it.\n" + Tests, 2, "title", "\"title\" is empty" },
        { "---\ntitle: |\n  a\n  b\n---\nDo it.\n" + Tests, 2, "title", "\"title\" is more than one line" },
        { "---\ntitle: \"a\n---\nDo it.\n" + Tests, 2, "front matter", "not valid YAML" },
        { "---\ntitle: *x\n---\nDo it.\n" + Tests, 2, "title", "\"title\" is no plain text" },
        { "---\nid: a/b\n---\nDo it.\n" + Tests, 2, "id", "\"id\" is \"a/b\"; expected 1 to 64 letters" },
        { "---\nid: é\n---\nDo it.\n" + Tests, 2, "id", "\"id\" is \"é\"" },
        { $"---\nid: {new string('a', 65)}\n---\nDo it.\n" + Tests, 2, "id", "\"id\" is \"aaa" },
        { "---\nmode: both\n---\nDo it.\n" + Tests, 2, "mode", "\"mode\" is \"both\"; expected stdio or function" },
        { "---\nmode: stdio\n---\nDo it.\n" + Tests, 2, "mode", "\"mode\" is \"stdio\", but the tests are assertions" },
        { "---\nmode: function\n---\nDo it.\n## Tests\n```input\n```\n```output\n1\n```\n", 2, "mode", "\"mode\" is \"function\", but the tests are inputs and outputs" },
        { "---\nsignature: f(a)\n---\nDo it.\n" + Tests, 2, "signature", "\"signature\" is \"f(a)\"; expected a line such as \"def add(a: int, b: int) -> int:\"" },
        { "---\nsignature: \"def f(a)\"\n---\nDo it.\n" + Tests, 2, "signature", "\"signature\" is \"def f(a)\"" },
        { "---\nsignature: \"def f(a): return a:\"\n---\nDo it.\n" + Tests, 2, "signature", "\"signature\" is" },
        { "---\nsignature: \"def f(a:\"\n---\nDo it.\n" + Tests, 2, "signature", "\"signature\" is" },
        { "---\nsignature: \"def f(a):\"\n---\nDo it.\n## Tests\n```input\n```\n```output\n```\n", 2, "signature", "a problem with inputs and outputs has no signature" },
        { Front + Tests, 6, "statement", "the statement is missing" },
        { Front + "<!-- -->\n".PadLeft(33 * 1024, 'x') + Tests, 6, "statement", "the statement is larger than 32 KiB" },
        { Front + "Do it.\n\n## Visible tests\n", 8, "visible tests", "section \"visible tests\" holds no tests" },
        { Front + "Do it.\n\n## Visible tests\nprose\n", 9, "visible tests", "found \"prose\" in section \"visible tests\"; expected fenced blocks only" },
        { Front + "Do it.\n" + Tests + Tests, 14, "visible tests", "section \"visible tests\" stands twice; the first is on line 8" },
        { Front + "Do it.\n" + Tests + "## Solution\n", 13, "Solution", "unknown section \"Solution\"" },
        { Front + "Do it.\n\n## Hidden tests\n\n```python\nassert f(1) == 1\n```\n", 8, "visible tests", "hidden tests without visible tests" },
        { Front + "Do it.\n\n```text\nnever closed\n" + Tests.Replace("```\n", ""), 8, "statement", "the fenced block that starts here is never closed; expected a line \"```\"" },
        { Front + "Do it.\n\n## Visible tests\n\n```python\nassert f(1) == 1\n", 10, "visible tests", "never closed" },
        { Front + "Do it.\n\n- item\n\n  ````text\n  x\n" + Tests, 10, "statement", "never closed; expected a line \"````\"" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert f(1) == 1\nassert g(1) == 1\n```\n", 12, "visible tests", "the assertion \"assert g(1) == 1\" does not mention f; expected a call of it" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert 'f(1)' == 1  # f(1)\n```\n", 11, "visible tests", "does not mention f" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert x.f(1) == 1\n```\n", 11, "visible tests", "does not mention f" },
        { Front + "Do it.\n\n## Tests\n\n```python\nprint(f(1))\n```\n", 11, "visible tests", "found \"print(f(1))\"; expected an assert statement" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert\n```\n", 11, "visible tests", "assert stands alone" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert f(1) == 1\n  assert f(2) == 1\n```\n", 12, "visible tests", "the statement is indented" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert f(1) == 1\nassert f((2) == 1\n```\n", 12, "visible tests", "a bracket is never closed; expected \")\"" },
        { Front + "Do it.\n\n## Tests\n\n```python\nassert f(1]) == 1\n```\n", 11, "visible tests", "\"]\" closes nothing" },
        { Front + "Do it.\n\n## Tests\n\n```python\n\nassert f(1) == 'a\n```\n", 12, "visible tests", "a text in quotes is never closed" },
        { Front + "Do it.\n\n## Tests\n\n```python\n# nothing\n```\n", 10, "visible tests", "this block holds no assert statement" },
        { Front + "Do it.\n\n## Tests\n\n```java\nassert f(1);\n```\n", 10, "visible tests", "fenced block labelled \"java\"" },
        { Stdio + "```input\n1\n```\n", 8, "visible tests", "this input has no output" },
        { Stdio + "```input\n1\n```\n\n```input\n2\n```\n", 8, "visible tests", "this input has no output" },
        { Stdio + "```output\n1\n```\n", 8, "visible tests", "this output has no input before it" },
        { Stdio + "```input\n```\n```output\n1\n```\n\n```python\nassert f(1)\n```\n", 15, "visible tests", "assertions and input/output tests stand together" },
        { Stdio + "```input\n```\n```output\n1\n```\n## Hidden tests\n```python\nassert f(1)\n```\n", 15, "hidden tests", "assertions and input/output tests stand together" },
        { Front + "Do it." + Tests + "## Reference solution\n", 12, "reference solution", "section \"reference solution\" holds 0 fenced blocks; expected 1 to 30" },
        { Front + "Do it." + Tests + "## Wrong solution\n```python\n\n```\n", 13, "wrong solution", "section \"wrong solution\" is empty" },
        { Front + "Do it." + Tests + "## Wrong solution\n```c\nx\n```\n", 13, "wrong solution", "fenced block labelled \"c\"; expected \"python\"" },
        { "Do it.\n```\nassert x == 1\n```\n", 3, "signature", "the assertions call no function in common" },
        { "Do it.\n```\nassert f(1) == 1\nassert g(1) == 1\n```\n", 3, "signature", "the assertions call no function in common" },
        { "a\n\uD800b", 2, "", "half of a surrogate pair; expected Unicode text" },
        { "a\0b", 1, "", "a NUL character" },
        { new string('a', 256 * 1024 + 1), 0, "", "the text is larger than 256 KiB" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gets_one_line_that_names_file_line_and_field(string text, int line, string field, string detail)
    {
        var fault = Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse(text, "problems/x.md"));

        Assert.Contains(detail, fault.Message, StringComparison.Ordinal);
        Assert.Equal(field, fault.Field);
        Assert.Equal(line, fault.Line);
        Assert.StartsWith(line > 0 ? $"problems/x.md:{line}: " : "problems/x.md: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        var folder = Directory.CreateTempSubdirectory("problems-");
        try
        {
            var latin1 = Path.Combine(folder.FullName, "latin1.md");
            File.WriteAllBytes(latin1, [(byte)'a', (byte)'\n', 0xE9, (byte)'\n']);
            var large = Path.Combine(folder.FullName, "large.md");
            File.WriteAllText(large, new string('a', 256 * 1024 + 1));
            var missing = Path.Combine(folder.FullName, "none.md");

            Assert.Equal($"{latin1}:2: the file is not UTF-8 text", Fault(latin1));
            Assert.Equal($"{large}: the file is larger than 256 KiB", Fault(large));
            Assert.Equal($"{missing}: no such file", Fault(missing));
            Assert.Equal($"{folder.FullName}: is a folder; expected a file", Fault(folder.FullName));
            Assert.Equal($"{missing}/x.md: no such file", Fault($"{missing}/x.md"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_stream_without_end_is_refused_at_the_limit()
    {
        using var endless = new EndlessStream();
        var fault = Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Read(endless, "<stdin>"));
        Assert.Equal("<stdin>: the file is larger than 256 KiB", fault.Message);
    }

    public static TheoryData<string, string> Nasty => new()
    {
        { "brackets in YAML", "---\ntitle: " + new string('[', 200_000) + "\n---\n" },
        { "braces in YAML", "---\n" + new string('{', 200_000) + "\n---\n" },
        { "quotes in Markdown", "---\ntitle: T\n---\n" + new string('>', 200_000) },
        { "nested lists", "---\ntitle: T\n---\n" + string.Concat(Enumerable.Repeat("- ", 100_000)) },
        { "brackets in Markdown", "---\ntitle: T\n---\n" + new string('[', 200_000) },
        { "many fences", "---\ntitle: T\n---\n" + string.Concat(Enumerable.Repeat("```\n```\n", 25_000)) },
        { "many headings", "---\ntitle: T\n---\n" + string.Concat(Enumerable.Repeat("## x\n", 40_000)) },
        { "brackets in an assert", "x\n```\nassert f(" + new string('(', 200_000) + "\n```\n" },
        { "imports", "x\n```\n" + string.Concat(Enumerable.Range(0, 8_000).Select(i => $"import a{i}\n")) + "assert\n```\n" },
        { "one statement", "x\n```\nassert x\n" + string.Concat(Enumerable.Repeat("assert f(1)\n", 20_000)) + "```\n" },
        { "calls in calls", "x\n```\nassert " + string.Concat(Enumerable.Repeat("f(", 60_000)) + new string(')', 60_000) + "\nassert 1\n```\n" },
    };

    [Theory]
    [MemberData(nameof(Nasty))]
    public void Hostile_text_is_refused_quickly(string what, string text)
    {
        var watch = Stopwatch.StartNew();
        Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse(text, what));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{what} took {watch.Elapsed}");
    }

    private static string Fault(string path) => Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Read(path)).Message;

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)'a');
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
