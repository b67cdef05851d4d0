using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Tests;

public sealed class DataSetRoundTripTests : IDisposable
{
    private static readonly IReadOnlyList<Problem> s_starter = ProblemFolder.Read(Path.Combine(AppContext.BaseDirectory, "problems", "starter")).Problems;

    private static readonly Problem s_odd = new()
    {
        Id = "0042",
        Title = "Odd: \"quotes\" # 漢 🙂",
        Statement = "Line one\n\n```text\na \\ b \"\"\"\n```\n\nends with a quote\"",
        Mode = ProblemMode.Function,
        Signature = "def odd(a, b: dict = None):",
        VisibleTests = [new AssertionTest("assert odd([1, -2.5, \"x\\n\\u00e9\"], {\"k\": None}) == True")],
        HiddenTests = [new AssertionTest("import math\nassert odd(math.pi, {}) == 'candidate'"), new AssertionTest("assert odd(\n    1,\n    2,\n) != 3, \"odd candidate\"")],
        ReferenceSolutions = ["def odd(a, b: dict = None):\n    return True\n", "def helper():\n    pass\n\ndef odd(a, b=None):\n    return helper()\n"],
        WrongSolution = "def odd(a, b):\n    return 3\n",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<DataSetFormat, string> Places => new()
    {
        { DataSetFormat.Mbpp, "x.jsonl" },
        { DataSetFormat.Mbpp, "x.json" },
        { DataSetFormat.Mbpp, "x.parquet" },
        { DataSetFormat.HumanEval, "x.jsonl" },
        { DataSetFormat.HumanEval, "x.json" },
        { DataSetFormat.HumanEval, "x.parquet" },
        { DataSetFormat.Stdio, "x.jsonl" },
        { DataSetFormat.Stdio, "x.json" },
        { DataSetFormat.Stdio, "x.parquet" },
        { DataSetFormat.CodeContests, "x.jsonl" },
        { DataSetFormat.CodeContests, "x.json" },
        { DataSetFormat.CodeContests, "x.parquet" },
        { DataSetFormat.Markdown, "folder" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void What_is_written_reads_back_the_same(DataSetFormat format, string name)
    {
        var holdsFunctions = format is DataSetFormat.Mbpp or DataSetFormat.HumanEval;
        List<Problem> problems = [.. s_starter.Where(problem => format == DataSetFormat.Markdown || (problem.Mode == ProblemMode.Function) == holdsFunctions)];
        if (holdsFunctions)
        {
            problems.Add(s_odd);
        }

        var path = Write(name, format, problems);

        var read = DataSet.Read(path);
        Assert.Equal(format, read.Format);
        Assert.Equal(problems, read.Problems);
        Assert.Equal(problems, DataSet.Read(path, format).Problems);
        Assert.Empty(read.Skipped);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder.Path), entry => entry.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Calls_with_plain_data_are_a_stdio_set_too()
    {
        var problem = s_odd with
        {
            VisibleTests = [new AssertionTest("assert odd(1, {\"a\": [True, None]}) == [1]"), new AssertionTest("assert odd('it\\'s', -1e-05,) == ['x']")],
            HiddenTests = [],
        };
        var path = Write("x.jsonl", DataSetFormat.Stdio, [problem]);
        Assert.Equal([problem], DataSet.Read(path).Problems);
        Assert.Contains("\"fn_name\":\"odd\",\"inputs\":[[1,{\"a\":[true,null]}],[\"it's\",-1e-05]],\"outputs\":[[1],[\"x\"]]", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_rows_go_through_parquet_in_groups()
    {
        var problems = Enumerable.Range(0, 600).Select(i => s_starter[0] with { Id = $"p{i}" }).ToList();
        var path = Write("x.parquet", DataSetFormat.Mbpp, problems);
        Assert.Equal(problems, DataSet.Stream(path).Select(row => row.Problem));
    }

    [Theory]
    [InlineData(DataSetFormat.Mbpp, ProblemMode.Stdio, "its tests are inputs and outputs, and mbpp holds assertions")]
    [InlineData(DataSetFormat.HumanEval, ProblemMode.Stdio, "its tests are inputs and outputs, and humaneval holds assertions")]
    [InlineData(DataSetFormat.CodeContests, ProblemMode.Function, "its tests are assertions, and codecontests holds inputs and outputs")]
    public void A_problem_that_a_format_cannot_hold_is_named(DataSetFormat format, ProblemMode mode, string why)
    {
        var path = _folder.Write("x.jsonl", "before");
        var problem = s_starter.First(problem => problem.Mode == mode);
        using (var writer = DataSetWriter.Create(path, format))
        {
            var fault = Assert.Throws<DataSetFormatException>(() => writer.Write(problem));
            Assert.Equal($"{path}: problem \"{problem.Id}\" cannot be written as {format.ToString().ToLowerInvariant()}: {why}", fault.Message);
        }

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Tests_that_are_no_plain_calls_are_no_stdio_set()
    {
        using var writer = DataSetWriter.Create(_folder.File("x.jsonl"), DataSetFormat.Stdio);
        Assert.Contains("is no comparison of one call with plain data", Assert.Throws<DataSetFormatException>(() => writer.Write(s_odd)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_refuses_what_it_cannot_hold_and_a_folder_that_is_not_empty()
    {
        using (var writer = DataSetWriter.Create(_folder.File("new"), DataSetFormat.Markdown))
        {
            var fault = Assert.Throws<DataSetFormatException>(() => writer.Write(s_odd with { Id = "x", VisibleTests = [new AssertionTest("x = odd(1)\nassert x")] }));
            Assert.Contains("problem \"x\" cannot be written as Markdown", fault.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        var full = _folder.Write("full/x.md", "before");
        Assert.Throws<IOException>(() => DataSetWriter.Create(Path.GetDirectoryName(full)!, DataSetFormat.Markdown));
        Assert.Throws<IOException>(() => DataSetWriter.Create(full, DataSetFormat.Markdown));
        Assert.Equal("before", File.ReadAllText(full));
    }

    [Fact]
    public void Without_complete_nothing_is_changed()
    {
        var path = _folder.Write("x.parquet", "before");
        using (var writer = DataSetWriter.Create(path, DataSetFormat.Mbpp))
        {
            writer.Write(s_starter[0]);
        }

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Throws<IOException>(() => DataSetWriter.Create(Path.Combine(path, "below.jsonl"), DataSetFormat.Mbpp));
    }

    private string Write(string name, DataSetFormat format, List<Problem> problems)
    {
        var path = _folder.File(name);
        using var writer = DataSetWriter.Create(path, format);
        problems.ForEach(writer.Write);
        writer.Complete();
        Assert.Equal(problems.Count, writer.Count);
        return path;
    }
}
