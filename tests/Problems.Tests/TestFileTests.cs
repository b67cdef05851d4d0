namespace O1Coder.Problems.Tests;

public sealed class TestFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("testfile-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("t.py")]
    [InlineData("t.txt")]
    public void Reads_asserts(string name)
    {
        var tests = TestFile.Read(Write(name, "\uFEFF# tests\nfrom math import pi\n\nassert f(1) == 1\nassert f(\n  'a\\'('\n) == \"\"\"x\n\ny\"\"\"\nassert f(2) \\\n  == 3"));

        Assert.Equal(
            [
                new AssertionTest("from math import pi\nassert f(1) == 1"),
                new AssertionTest("from math import pi\nassert f(\n  'a\\'('\n) == \"\"\"x\n\ny\"\"\""),
                new AssertionTest("from math import pi\nassert f(2) \\\n  == 3"),
            ],
            tests.Visible);
        Assert.Empty(tests.Hidden);
    }

    [Fact]
    public void Reads_the_sections_of_a_markdown_file()
    {
        var tests = TestFile.Read(Write("t.md", "## Visible tests\n```input\n1\n```\n```output\n2\n```\n## Hidden tests\n```input\n```\n```output\n3\n```\n"));

        Assert.Equal([new StdioTest("1\n", "2\n")], tests.Visible);
        Assert.Equal([new StdioTest("", "3\n")], tests.Hidden);
    }

    [Fact]
    public void Reads_a_block_of_asserts_in_a_markdown_file()
    {
        Assert.Equal([new AssertionTest("assert f(1)")], TestFile.Read(Write("t.MD", "```py\nassert f(1)\n```\n")).Visible);
    }

    [Fact]
    public void Reads_json_lines()
    {
        var tests = TestFile.Read(Write("t.jsonl", "{\"stdin\": \"1\\n2\", \"stdout\": \"3\"}\n\n{\"stdout\": \"\", \"stdin\": \"\"}\n"));

        Assert.Equal([new StdioTest("1\n2", "3"), new StdioTest("", "")], tests.Visible);
    }

    [Theory]
    [InlineData("t.py", "", 0, "the file holds no assert statement")]
    [InlineData("t.py", "def f():\n  pass\n", 1, "found \"def f():\"; expected an assert statement")]
    [InlineData("t.py", "assert f(1)\nassert f('\n", 2, "a text in quotes is never closed")]
    [InlineData("t.md", "nothing", 0, "the file holds no tests")]
    [InlineData("t.md", "## Hidden tests\n```python\nassert f(1)\n```\n", 1, "hidden tests without visible tests")]
    [InlineData("t.md", "## Tests\n```python\nassert f(1)\n```\n## Hidden tests\n```input\n```\n```output\n```\n", 6, "stand together")]
    [InlineData("t.jsonl", "\n", 0, "the file holds no tests")]
    [InlineData("t.jsonl", "{\"stdin\": \"\", \"stdout\": \"\"}\n[1]\n", 2, "the line is no JSON object")]
    [InlineData("t.jsonl", "{\"stdin\": \"1\"", 1, "the line is not valid JSON")]
    [InlineData("t.jsonl", "{\"stdin\": \"1\"}", 1, "\"stdout\" is missing")]
    [InlineData("t.jsonl", "{\"stdin\": 1, \"stdout\": \"1\"}", 1, "\"stdin\" is no text")]
    [InlineData("t.jsonl", "{\"stdin\": \"\", \"stdout\": \"\", \"x\": 1}", 1, "unknown key \"x\"")]
    [InlineData("t.jsonl", "{\"stdin\": \"\", \"stdin\": \"\", \"stdout\": \"\"}", 1, "\"stdin\" stands twice")]
    [InlineData("t.jsonl", "{\"stdin\": \"\\ud800\", \"stdout\": \"\"}", 1, "not valid JSON")]
    [InlineData("t.yaml", "x", 0, "test files end in .py, .txt, .md or .jsonl; this one in \".yaml\"")]
    public void Malformed_files_are_refused(string name, string text, int line, string detail)
    {
        var path = Write(name, text);

        var fault = Assert.Throws<ProblemFormatException>(() => TestFile.Read(path));

        Assert.Contains(detail, fault.Message, StringComparison.Ordinal);
        Assert.Equal(line, fault.Line);
        Assert.Equal(path, fault.File);
    }

    [Fact]
    public void A_deeply_nested_json_line_is_refused()
    {
        var path = Write("t.jsonl", new string('[', 200_000));
        Assert.Equal(1, Assert.Throws<ProblemFormatException>(() => TestFile.Read(path)).Line);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
