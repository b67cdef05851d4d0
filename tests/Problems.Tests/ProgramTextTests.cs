using System.Diagnostics;

namespace O1Coder.Problems.Tests;

public sealed class ProgramTextTests
{
    private const string F = "def f(a):\n    return a";

    public static TheoryData<string, string, string?> Answers => new()
    {
        { "one fence", $"Here:\n```python\n{F}\n```\nDone.", F },
        { "py", $"```py\n{F}\n```", F },
        { "python3", $"```python3\n{F}\n```", F },
        { "capitals and words behind", $"``` Python title=\"x\"\n{F}\n```", F },
        { "no label", $"```\n{F}\n```", F },
        { "tildes", $"~~~python\n{F}\n~~~", F },
        { "long fence", $"````python\n{F}\ns = '''\n```\n'''\n````", F + "\ns = '''\n```\n'''" },
        { "Windows lines", $"```python\r\ndef f(a):\r\n    return a\r\n```\r\n", F },
        { "the last one", $"```python\nold = 1\n```\nBetter:\n```python\n{F}\n```", F },
        { "output after the program", $"```python\nprint(5)\n```\nIt prints:\n```\n5\n```", "print(5)" },
        { "shell after the program", $"```python\nprint(5)\n```\n```bash\npython x.py\n```", "print(5)" },
        { "shell before an unlabelled program", $"```bash\npip install x\n```\n```\n{F}\n```", F },
        { "unclosed", $"Here:\n```python\n{F}", F },
        { "unclosed other language", "```java\nclass X {}", null },
        { "other language", "```java\nint x = 1;\n```", null },
        { "complete before unclosed", $"```python\n{F}\n```\n```python\nprint(f(", F },
        { "labelled beats unlabelled", $"```python\n{F}\n```\n```\nx = 1\n```", F },
        { "open labelled beats complete unlabelled", $"```\nx = 1\n```\n```python\n{F}", F },
        { "only data without a label", "```\n5\n```", null },
        { "empty fence", "```python\n\n```", null },
        { "empty fence after a full one", $"```python\n{F}\n```\n```python\n```", F },
        { "indented fence", "1. Do:\n   ```python\n   def f(a):\n       return a\n   ```", F },
        { "tab indented fence", "\t```python\n\tdef f(a):\n\t    return a\n\t```", F },
        { "fence after text", $"Step 3: ```python\n{F}\n```", F },
        { "closed at the end of a line", $"```python\n{F}```\nThat is it.", F },
        { "keeps imports", $"```python\nimport math\nfrom os import path\n\n{F}\n```", $"import math\nfrom os import path\n\n{F}" },
        { "keeps other scripts and separators", "```python\ns = \"é漢\u2028x\f\"\n```", "s = \"é漢\u2028x\f\"" },
        { "inline code is no fence", "Use `f(a)` and ```x``` here.", null },
        { "raw program", F, F },
        { "raw program with blank lines around", $"\n\n{F}\n\n", F },
        { "raw after prose", $"Sure, here it is:\n\nimport re\n{F}", $"import re\n{F}" },
        { "raw script", "n = int(input())\nprint(n * 2)", "n = int(input())\nprint(n * 2)" },
        { "raw call", "print(sum(map(int, input().split())))", "print(sum(map(int, input().split())))" },
        { "raw several targets", "a, b = map(int, input().split())\nprint(a + b)", "a, b = map(int, input().split())\nprint(a + b)" },
        { "raw loop", "for i in range(3):\n    print(i)", "for i in range(3):\n    print(i)" },
        { "raw with a comment first", "# solution\nx = 1", "# solution\nx = 1" },
        { "raw decorator", "@cache\n" + F, F },
        { "prose", "I would sort the list first.", null },
        { "prose with import", "import the list from the file and sort it", null },
        { "prose with from", "from the list, take each number", null },
        { "prose with class", "class is a word", null },
        { "prose with colon", "for each number in the list:", null },
        { "prose with equals", "the sum of a and b = 3", null },
        { "heading", "### Step 1: define the structure", null },
        { "empty", "", null },
        { "blank", " \n\t\n", null },
        { "only fences", "```\n```\n```", null },
        { "NUL", "\0\0```python\0\n\0", null },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Finds_the_program(string what, string answer, string? program) =>
        Assert.True(
            ProgramText.Extract(answer) == (program is null ? null : program + "\n"),
            $"{what}: {ProgramText.Extract(answer) ?? "none"}");

    [Fact]
    public void Prefers_the_block_that_defines_the_entry_point()
    {
        var answer = $"```python\n{F}\n```\nUse it:\n```python\nprint(f(1))\nprint(def_f(1))\n```";

        Assert.Equal(F + "\n", ProgramText.Extract(answer, "f"));
        Assert.StartsWith("print", ProgramText.Extract(answer), StringComparison.Ordinal);
        Assert.StartsWith("print", ProgramText.Extract(answer, "g"), StringComparison.Ordinal);
        Assert.StartsWith("print", ProgramText.Extract(answer, "f2"), StringComparison.Ordinal);
        Assert.Equal(F + "\n", ProgramText.Extract($"```python\nprint(f(1))\n```\n```python\n{F}", "f"));
        Assert.Equal("def  f (a): return 1\n", ProgramText.Extract("```\nx = 1\n```\n```\ndef  f (a): return 1\n```\n```\ny = 1\n```", "f"));
    }

    [Fact]
    public void A_program_beyond_the_limit_counts_as_none()
    {
        var line = "x = 1\n";
        var fits = string.Concat(Enumerable.Repeat(line, (ProgramText.MaxLength / line.Length) - 1));

        Assert.NotNull(ProgramText.Extract($"```python\n{fits}```"));
        Assert.Null(ProgramText.Extract($"```python\n{fits}{line}{line}{line}```"));
    }

    public static TheoryData<string, string> Nasty => new()
    {
        { "one line of 1 MB", new string('a', 1 << 20) },
        { "backticks", new string('`', 1 << 20) },
        { "backticks and blanks", string.Concat(Enumerable.Repeat("``` ", 1 << 18)) },
        { "a fence on every line", string.Concat(Enumerable.Repeat("```python\n", 1 << 17)) },
        { "fences opened and closed", string.Concat(Enumerable.Repeat("```python\nx = 1\n```\n", 1 << 16)) },
        { "lines without a fence", string.Concat(Enumerable.Repeat("words and words\n", 1 << 16)) },
        { "names and commas", string.Concat(Enumerable.Repeat("a,", 1 << 19)) + "= 1" },
        { "def without end", "def " + new string(' ', 1 << 20) },
        { "import", "import " + new string('a', 1 << 20) },
        { "blanks", "```python\n" + new string(' ', 1 << 20) },
        { "carriage returns", new string('\r', 1 << 20) },
        { "equals", new string('=', 1 << 20) },
    };

    [Theory]
    [MemberData(nameof(Nasty))]
    public void Time_is_linear_whatever_the_answer_holds(string what, string answer)
    {
        var watch = Stopwatch.StartNew();
        var program = ProgramText.Extract(answer, "f");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{what} took {watch.Elapsed}");
        Assert.True(program is null || program.Length <= ProgramText.MaxLength);
    }
}
