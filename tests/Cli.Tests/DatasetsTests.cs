using System.Text.Json;

namespace O1Coder.Cli.Tests;

public sealed class DatasetsTests : IDisposable
{
    private const string Good = """{"task_id":1,"text":"Add one to a number.","code":"def add_one(n):\n    return n + 1","test_list":["assert add_one(1) == 2"]}""";
    private const string Bad = """{"task_id":2,"text":"Add\u001b[2J","test_list":[7]}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_counts_what_is_there()
    {
        _folder.Write("x.jsonl", Good);
        var (code, output, error) = Run("check", "x.jsonl");
        Assert.Equal((ExitCodes.Solved, ""), (code, error));
        Assert.Equal(
            [$"{Path("x.jsonl")}: mbpp, 1 problem (1 function, 0 stdio)", "tests: 1, 0 of them hidden", "reference solutions: 1; 0 problems without one", "good"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Check_names_malformed_lines_and_ends_with_1_unless_they_are_to_be_skipped()
    {
        _folder.Write("x.jsonl", $"{Good}\n{Bad}\n\u001b[31mnonsense\n");
        var (code, output, _) = Run("check", "x.jsonl");
        Assert.Equal(ExitCodes.NotSolved, code);
        Assert.Contains($"bad: {Path("x.jsonl")}:2: \"test_list[0]\" is a number; expected text", output, StringComparison.Ordinal);
        Assert.Contains($"bad: {Path("x.jsonl")}:3: is not valid JSON", output, StringComparison.Ordinal);
        Assert.EndsWith("2 malformed lines\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(ExitCodes.Solved, Run("check", "x.jsonl", "--skip-bad").Code);
    }

    [Fact]
    public void Check_says_it_in_json()
    {
        _folder.Write("x.jsonl", $"{Good}\n{Bad}\n");
        var (code, output, _) = Run("check", "x.jsonl", "--json");
        Assert.Equal(ExitCodes.NotSolved, code);
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        Assert.Equal((false, "mbpp", 1, 1, 1), (root.GetProperty("ok").GetBoolean(), root.GetProperty("format").GetString(),
            root.GetProperty("problems").GetInt32(), root.GetProperty("tests").GetInt32(), root.GetProperty("references").GetInt32()));
        var bad = Assert.Single(root.GetProperty("bad").EnumerateArray());
        Assert.Equal((2, "test_list[0]"), (bad.GetProperty("line").GetInt32(), bad.GetProperty("field").GetString()));
    }

    [Fact]
    public void Check_finds_sixteen_words_in_common()
    {
        const string Words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen";
        _folder.Write("x.jsonl", Good.Replace("Add one to a number.", $"Say {Words}!"));
        _folder.Write("seen/other.md", TemporaryFolder.Problem.Replace("Return the sum", $"{Words.ToUpperInvariant()} Return the sum").Replace("id: add", "id: other"));
        var (code, output, _) = Run("check", "x.jsonl", "--against", "seen");
        Assert.Equal(ExitCodes.NotSolved, code);
        Assert.Contains($"overlap: mbpp-1 with other: \"{Words}\"\n1 overlap\n", output, StringComparison.Ordinal);
        _folder.Write("fresh/add.md", TemporaryFolder.Problem);
        Assert.Equal(ExitCodes.Solved, Run("check", "x.jsonl", "--against", "fresh").Code);
    }

    [Theory]
    [InlineData("out.jsonl", "auto", "mbpp")]
    [InlineData("out.json", "humaneval", "humaneval")]
    [InlineData("out.parquet", "auto", "mbpp")]
    [InlineData("out.parquet", "parquet", "mbpp")]
    [InlineData("out", "auto", "markdown")]
    [InlineData("out", "mbpp", "mbpp")]
    [InlineData("out.jsonl", "stdio", "stdio")]
    public void Convert_writes_what_check_then_reads(string name, string to, string format)
    {
        _folder.Write("x.jsonl", Good);
        var (code, output, error) = Run("convert", "x.jsonl", name, "--to", to);
        Assert.Equal((ExitCodes.Solved, $"{name}: 1 problems as {format}\n", ""), (code, output, error));
        Assert.Contains($"{format}, 1 problem (1 function, 0 stdio)", Run("check", name).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_becomes_a_file_of_the_fitting_format()
    {
        _folder.Write("set/add.md", TemporaryFolder.Problem);
        Assert.Equal("x.jsonl: 1 problems as mbpp\n", Run("convert", "set", "x.jsonl").Out);
        _folder.Write("echo.md", "Echo.\n\n```input\na\n```\n\n```output\na\n```\n");
        Assert.Equal("y.parquet: 1 problems as stdio\n", Run("convert", "echo.md", "y.parquet", "--to", "parquet").Out);
    }

    [Fact]
    public void Convert_refuses_a_malformed_line_and_leaves_what_was_there()
    {
        _folder.Write("x.jsonl", $"{Good}\n{Bad}\n");
        _folder.Write("out.jsonl", "before");
        var (code, output, error) = Run("convert", "x.jsonl", "out.jsonl");
        Assert.Equal((ExitCodes.BadInput, ""), (code, output));
        Assert.Equal($"o1coder: {Path("x.jsonl")}:2: \"test_list[0]\" is a number; expected text\n", error);
        Assert.Equal("before", File.ReadAllText(Path("out.jsonl")));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder.Path), entry => entry.EndsWith(".tmp", StringComparison.Ordinal));

        (code, output, error) = Run("convert", "x.jsonl", "out.jsonl", "--skip-bad");
        Assert.Equal((ExitCodes.Solved, "out.jsonl: 1 problems as mbpp, 1 skipped\n"), (code, output));
        Assert.Equal($"skipped: {Path("x.jsonl")}:2: \"test_list[0]\" is a number; expected text\n", error);
    }

    [Fact]
    public void Convert_names_problems_that_the_new_format_cannot_hold()
    {
        _folder.Write("x.jsonl", $"{Good.Replace("\"test_list\"", "\"test_setup_code\":\"x = 1\",\"test_list\"")}\n{Good.Replace(":1,", ":3,")}\n");
        var (code, _, error) = Run("convert", "x.jsonl", "out");
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("problem \"mbpp-1\" cannot be written as Markdown", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path("out")));

        (code, var output, error) = Run("convert", "x.jsonl", "out", "--skip-bad");
        Assert.Equal((ExitCodes.Solved, "out: 1 problems as markdown, 1 skipped\n"), (code, output));
        Assert.Contains("skipped: ", error, StringComparison.Ordinal);
        Assert.Contains($"note: {Path("x.jsonl")}:1: \"test_list[0]\" is more than imports and an assertion and is kept whole", error, StringComparison.Ordinal);
        Assert.Equal([Path("out/mbpp-3.md")], Directory.GetFiles(Path("out")));
    }

    [Fact]
    public void Split_gives_each_difficulty_its_share_and_depends_on_the_seed()
    {
        for (var i = 0; i < 12; i++)
        {
            _folder.Write($"set/p{i}.md", TemporaryFolder.Problem.Replace("id: add", $"id: p{i}").Replace("trivial", i < 8 ? "easy" : "hard"));
        }

        Assert.Equal("one: 9 problems to learn from, 3 for evaluations\n", Run("split", "set", "one", "--evaluation", "3", "--seed", "4").Out);
        Assert.Equal("two: 9 problems to learn from, 3 for evaluations\n", Run("split", "set", "two", "--evaluation", "0.25", "--seed", "4").Out);
        Assert.Equal(Names("one/evaluation"), Names("two/evaluation"));
        Assert.Equal(12, Names("one/evaluation").Union(Names("one/learn")).Count());
        Assert.Contains("difficulty: 2 easy, 1 hard", Run("check", "one/evaluation").Out, StringComparison.Ordinal);
        var others = Enumerable.Range(5, 5).Select(seed =>
        {
            Run("split", "set", $"s{seed}", "--evaluation", "3", "--seed", $"{seed}");
            return string.Join(' ', Names($"s{seed}/evaluation"));
        });
        Assert.True(others.Distinct().Count() > 1);

        string[] Names(string folder) => [.. Directory.GetFiles(Path(folder)).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!];
    }

    [Fact]
    public void Split_keeps_the_kind_of_file()
    {
        _folder.Write("x.json", $"[{Good},{Good.Replace(":1,", ":2,")},{Good.Replace(":1,", ":3,")}]");
        Assert.Equal(ExitCodes.Solved, Run("split", "x.json", "parts", "--evaluation", "1").Code);
        Assert.Equal([Path("parts/evaluation.json"), Path("parts/learn.json")], Directory.GetFiles(Path("parts")).Order(StringComparer.Ordinal));
        Assert.Contains("mbpp, 2 problems", Run("check", "parts/learn.json").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("datasets needs check, convert or split (--help explains them)")]
    [InlineData("datasets check needs a FILE", "check")]
    [InlineData("datasets convert needs an OUT to write", "convert", "x.jsonl")]
    [InlineData("datasets split needs an OUT-DIR to write", "split", "x.jsonl")]
    [InlineData("datasets split needs --evaluation N or FRACTION", "split", "x.jsonl", "parts")]
    [InlineData("--evaluation is \"0\"; expected a whole number from 1, or a fraction between 0 and 1", "split", "x.jsonl", "parts", "--evaluation", "0")]
    [InlineData("--evaluation is \"1.5\"; expected a whole number from 1, or a fraction between 0 and 1", "split", "x.jsonl", "parts", "--evaluation", "1.5")]
    [InlineData("--evaluation takes 1 of 1 problems; expected at least one to learn from", "split", "x.jsonl", "parts", "--evaluation", "1")]
    [InlineData("--evaluation takes 1 of 1 problems; expected at least one to learn from", "split", "x.jsonl", "parts", "--evaluation", "0.5")]
    [InlineData("full is not empty; expected a new folder", "split", "x.jsonl", "full", "--evaluation", "1")]
    [InlineData("--format is \"csv\"; expected auto, markdown, mbpp, humaneval, stdio or codecontests", "check", "x.jsonl", "--format", "csv")]
    [InlineData("--to parquet writes out.jsonl; expected a name that ends in .parquet", "convert", "x.jsonl", "out.jsonl", "--to", "parquet")]
    [InlineData("{0}/none: no such file", "check", "none")]
    [InlineData("{0}/empty.jsonl: holds no problem", "check", "empty.jsonl")]
    [InlineData("empty.jsonl holds no problem; nothing was written", "convert", "empty.jsonl", "out")]
    [InlineData("cannot write: {0}/full is a folder that is not empty; expected a new one for Markdown", "convert", "x.jsonl", "full")]
    [InlineData("cannot write: {0}/full is a folder; expected the name of a file", "convert", "x.jsonl", "full", "--to", "mbpp")]
    [InlineData("{0}/x.jsonl:1: \"question\" is missing; expected text", "convert", "x.jsonl", "out", "--format", "stdio")]
    public void Bad_input_gets_one_line_and_exit_code_2(string expected, params string[] args)
    {
        _folder.Write("x.jsonl", Good);
        _folder.Write("empty.jsonl", "\n");
        _folder.Write("full/x.md", "before");
        var (code, output, error) = Run(args);
        Assert.Equal((ExitCodes.BadInput, "", $"o1coder: {expected.Replace("{0}", _folder.Path)}\n"), (code, output, error));
        Assert.Equal("before", File.ReadAllText(Path("full/x.md")));
    }

    [Fact]
    public void Json_gets_an_object_for_bad_input_too()
    {
        var (code, output, _) = Run("check", "none", "--json");
        Assert.Equal(ExitCodes.BadInput, code);
        using var json = JsonDocument.Parse(output);
        Assert.EndsWith("no such file", json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private (int? Code, string Out, string Error) Run(params string[] args)
    {
        var session = new Session { Folder = _folder.Path };
        var code = session.Prepare(["datasets", .. args]).ExitCode;
        return (code, session.Out, session.Error);
    }
}
