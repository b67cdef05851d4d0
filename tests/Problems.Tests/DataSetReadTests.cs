using System.Text;
using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Tests;

public sealed class DataSetReadTests : IDisposable
{
    private const string Mbpp = """{"task_id":11,"text":"Add one.","code":"import math\r\ndef add_one(n):\r\n    return n + 1","test_list":["assert add_one(1) == 2","assert add_one(2) == 3"],"test_setup_code":"","challenge_test_list":[],"other":1}""";
    private const string HumanEval = """{"task_id":"Own/1","prompt":"def twice(n: int) -> int:\n    \"\"\" Double it. \"\"\"\n","entry_point":"twice","canonical_solution":"    return 2 * n\n","test":"def check(candidate):\n    assert candidate(1) == 2\n"}""";
    private const string Stdio = """{"problem_id":7,"question":"Echo.","solutions":"[\"print(input())\"]","input_output":"{\"inputs\":[\"a\\n\"],\"outputs\":[\"a\\n\"]}","difficulty":"interview"}""";
    private const string CodeContests = """{"name":"7_A. Echo","description":"Echo.","public_tests":{"input":["a"],"output":["a"]},"private_tests":{"input":["b"],"output":["b"]},"generated_tests":{"input":[],"output":[]},"solutions":{"language":[2,3],"solution":["int main(){}","print(input())"]}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mbpp_is_read()
    {
        var set = Read(Mbpp);
        var problem = Assert.Single(set.Problems);
        Assert.Equal(DataSetFormat.Mbpp, set.Format);
        Assert.Equal(("mbpp-11", "Add one.", "Add one.", "def add_one(n):"), (problem.Id, problem.Title, problem.Statement, problem.Signature));
        Assert.Equal([new AssertionTest("assert add_one(1) == 2"), new AssertionTest("assert add_one(2) == 3")], problem.VisibleTests);
        Assert.Equal(["import math\ndef add_one(n):\n    return n + 1"], problem.ReferenceSolutions);
        Assert.Empty(set.Notes);
    }

    [Fact]
    public void Sanitized_mbpp_is_read_with_its_imports()
    {
        var set = Read("""[{"source_file":"x","task_id":2,"prompt":"Area.","code":"def area(r): return 3","test_imports":["import math"],"test_list":["assert math.isclose(area(1), 3)"]}]""");
        Assert.Equal([new AssertionTest("import math\nassert math.isclose(area(1), 3)")], set.Problems[0].VisibleTests);
        Assert.Equal("def area(r):", set.Problems[0].Signature);
    }

    [Fact]
    public void The_entry_point_is_what_all_tests_call_and_the_code_defines()
    {
        var set = Read("""{"task_id":3,"text":"Chain.","code":"class Pair(object):\n    def __init__(self, a, b):\n        self.a = a\ndef helper(x):\n    return x\ndef chain(\n    pairs,  # (all of them)\n    n: int = 4,\n):\n    return helper(n)","test_list":["assert chain([Pair(1, 2)], 1) == 1","assert helper(chain([], 2)) == 2"],"challenge_test_list":["assert chain([], 3) == 3"],"test_setup_code":"x = Pair(1, 2)"}""");
        Assert.Equal("def chain(pairs, n: int = 4,):", set.Problems[0].Signature);
        Assert.Equal("x = Pair(1, 2)\nassert chain([Pair(1, 2)], 1) == 1", ((AssertionTest)set.Problems[0].VisibleTests[0]).Code);
        Assert.Equal(["challenge_test_list", "test_list[0]", "test_list[1]"], set.Notes.Select(note => note.Field).Order());
    }

    [Fact]
    public void Human_eval_is_read()
    {
        var set = Read(HumanEval);
        var problem = Assert.Single(set.Problems);
        Assert.Equal(DataSetFormat.HumanEval, set.Format);
        Assert.Equal(("Own-1", "twice", "def twice(n: int) -> int:"), (problem.Id, problem.Title, problem.Signature));
        Assert.Equal("Complete this Python function.\n\n```python\ndef twice(n: int) -> int:\n    \"\"\" Double it. \"\"\"\n```", problem.Statement);
        Assert.Equal(["def twice(n: int) -> int:\n    \"\"\" Double it. \"\"\"\n    return 2 * n\n"], problem.ReferenceSolutions);
        Assert.Equal([new AssertionTest("assert twice(1) == 2")], problem.VisibleTests);
    }

    [Fact]
    public void A_check_is_taken_apart_as_far_as_its_assertions_stand_alone()
    {
        var set = Read(Row("twice", "def helper(x):\n    return x\n\n\ndef twice(n):\n    \"\"\" Double it. \"\"\"\n", """
            import math

            METADATA = {
                'author': 'me',
            }


            def check(candidate):
                '''All of it.'''
                # plain
                assert candidate(1) == 2, "candidate's first"
                assert math.isclose(
                    candidate(2), 4)
                assert True, "always"
                import random
                values = [3, 4]
                for value in values:
                    assert candidate(value) == 2 * value
                else:
                    pass
                assert candidate(values[0]) == 6
                assert candidate(helper(5)) == 10
                assert candidate(random.randint(7, 7)) == 14; assert candidate(8) == 16

            check(twice)
            """));
        var tests = set.Problems[0].VisibleTests.Cast<AssertionTest>().Select(test => test.Code).ToList();
        Assert.Equal(
            [
                "assert twice(1) == 2, \"candidate's first\"",
                "import math\nassert math.isclose(\n        twice(2), 4)",
                "import random\nassert twice(random.randint(7, 7)) == 14",
                "import random\nassert twice(8) == 16",
            ], tests[..^1]);
        Assert.Equal(
            """
            import math
            import random
            def helper(x):
                return x
            def check(candidate):
                values = [3, 4]
                for value in values:
                    assert candidate(value) == 2 * value
                else:
                    pass
                assert candidate(values[0]) == 6
                assert candidate(helper(5)) == 10
            check(twice)
            """, tests[^1]);
        Assert.Equal(
            ["1 assertions that do not call twice left out", "from \"values = [3, 4]\" on, 4 statements of check depend on each other and are kept as one test"],
            set.Notes.Select(note => note.Detail));

        // It goes back to HumanEval and comes again, and Markdown says that it cannot hold it.
        using var writer = DataSetWriter.Create(_folder.File("again.jsonl"), DataSetFormat.HumanEval);
        writer.Write(set.Problems[0]);
        writer.Complete();
        Assert.Equal(set.Problems, DataSet.Read(_folder.File("again.jsonl")).Problems);
        using var markdown = DataSetWriter.Create(_folder.File("markdown"), DataSetFormat.Markdown);
        Assert.Throws<DataSetFormatException>(() => markdown.Write(set.Problems[0]));
    }

    [Fact]
    public void A_limit_ends_the_reading()
    {
        var path = _folder.Write("long.jsonl", $"{Mbpp}\n{Mbpp.Replace("11", "12", StringComparison.Ordinal)}\nnonsense\n");
        Assert.Equal(["mbpp-11", "mbpp-12"], DataSet.Read(path, limit: 2).Problems.Select(problem => problem.Id));
        Assert.Throws<DataSetFormatException>(() => DataSet.Read(path, limit: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSet.Read(path, limit: 0));
    }

    [Fact]
    public void Apps_is_read()
    {
        var set = Read(Stdio);
        var problem = Assert.Single(set.Problems);
        Assert.Equal(DataSetFormat.Stdio, set.Format);
        Assert.Equal(("stdio-7", "Echo.", Difficulty.Medium, ProblemMode.Stdio), (problem.Id, problem.Title, problem.Difficulty, problem.Mode));
        Assert.Equal([new StdioTest("a\n", "a\n")], problem.VisibleTests);
        Assert.Equal(["print(input())"], problem.ReferenceSolutions);
    }

    [Fact]
    public void Apps_with_a_function_becomes_assertions()
    {
        var set = Read("""
            {"question":"Q","solutions":["class Solution:\n    def best(self, xs: List[int], k) -> int:\n        return 1"],"input_output":{"fn_name":"best","inputs":[[[1,2.5],"a\"\n\u00e9\u0007"],[[],null]],"outputs":[[1],[true]]},"starter_code":"class Solution:\n    def best(self, xs: List[int], k) -> int:\n        "}
            {"question":"Q","solutions":"","input_output":{"fn_name":"worst","inputs":[[{"a":-1}],[2]],"outputs":[[1],[1,2]]},"starter_code":"def worst(n):\n\t"}
            """);
        Assert.Equal(
            [new AssertionTest("assert best([1, 2.5], \"a\\\"\\né\\x07\") in ([1], 1)"), new AssertionTest("assert best([], None) in ([True], True)")],
            set.Problems[0].VisibleTests);
        Assert.Equal("def best(xs: List[int], k) -> int:", set.Problems[0].Signature);
        Assert.EndsWith("\n\n\ndef best(*args):\n    return Solution().best(*args)\n", set.Problems[0].ReferenceSolution, StringComparison.Ordinal);
        Assert.Equal([new AssertionTest("assert worst({\"a\": -1}) == [1]"), new AssertionTest("assert worst(2) == [1, 2]")], set.Problems[1].VisibleTests);
        Assert.Equal("def worst(n):", set.Problems[1].Signature);
        Assert.Equal(["stdio-1", "stdio-2"], set.Problems.Select(problem => problem.Id));
    }

    [Fact]
    public void Lines_in_lists_are_joined() =>
        Assert.Equal([new StdioTest("a\nb", "c")], Read("""{"question":"Q","input_output":{"inputs":[["a","b"]],"outputs":[["c"]]}}""").Problems[0].VisibleTests);

    [Fact]
    public void Code_contests_is_read()
    {
        var set = Read(CodeContests);
        var problem = Assert.Single(set.Problems);
        Assert.Equal(DataSetFormat.CodeContests, set.Format);
        Assert.Equal(("7_A-Echo", "7_A. Echo"), (problem.Id, problem.Title));
        Assert.Equal([new StdioTest("a", "a")], problem.VisibleTests);
        Assert.Equal([new StdioTest("b", "b")], problem.HiddenTests);
        Assert.Equal(["print(input())"], problem.ReferenceSolutions);
        Assert.Equal("1 solutions in other languages than Python 3 left out", Assert.Single(set.Notes).Detail);
    }

    [Fact]
    public void Markdown_is_read_from_a_file_and_from_a_folder()
    {
        var starter = Path.Combine(AppContext.BaseDirectory, "problems", "starter");
        Assert.Equal(24, DataSet.Read(starter).Problems.Count);
        Assert.Equal("is-prime", DataSet.Read(Path.Combine(starter, "is-prime.md")).Problems.Single().Id);
    }

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "nonsense", "", "is not valid JSON" },
        { "3", "", "is a number; expected a JSON object" },
        { new string('[', 1000), "", "is not valid JSON" },
        { "{\"a\":" + new string('[', 100) + new string(']', 100) + "}", "", "is not valid JSON" },
        { "{\"a\":NaN}", "", "is not valid JSON" },
        { Mbpp.Replace("\"text\"", "\"texts\""), "prompt", "\"prompt\" is missing; expected text" },
        { Mbpp.Replace("\"Add one.\"", "null"), "prompt", "\"prompt\" is missing" },
        { Mbpp.Replace("\"Add one.\"", "\" \""), "text", "\"text\" is empty; expected the statement" },
        { Mbpp.Replace("Add one.", new string('x', 33_000)), "text", "\"text\" is 33000 bytes long; expected at most 32 KiB" },
        { Mbpp.Replace("Add one.", "\\udc00"), "text", "half of a surrogate pair" },
        { Mbpp.Replace("\"test_list\":[", "\"test_list\":[3,"), "test_list[0]", "\"test_list[0]\" is a number; expected text" },
        { Mbpp.Replace("assert add_one(2) == 3", "assert add_one((2) == 3"), "test_list[1]", "a bracket is never closed" },
        { Mbpp.Replace("assert add_one(2) == 3", "print(add_one(2))"), "test_list[1]", "it holds no assert statement" },
        { Mbpp.Replace("assert add_one(2) == 3", "assert sub_one(2) == 1").Replace("def add_one", "def other"), "test_list", "call no function in common" },
        { "{\"text\":\"x\",\"test_list\":[]}", "test_list", "\"test_list\" is empty" },
        { "{\"text\":\"x\",\"test_list\":\"assert f(1)\"}", "test_list", "\"test_list\" is text; expected a list of texts" },
        { Mbpp.Replace(":11,", ":-1,"), "task_id", "\"task_id\" is -1; expected text or a whole number" },
        { Mbpp.Replace(":11,", ":[],"), "task_id", "\"task_id\" is a list; expected text" },
        { HumanEval.Replace("def twice", "def thrice"), "prompt", "\"prompt\" holds no \"def twice(…):\"" },
        { HumanEval.Replace("\"entry_point\":\"twice\"", "\"entry_point\":\"a b\""), "entry_point", "\"entry_point\" is \"a b\"; expected the name of a function" },
        { HumanEval.Replace("def check", "def checks"), "test", "defines no function check(candidate)" },
        { HumanEval.Replace("candidate(1) == 2", "True"), "test", "\"check\" never calls candidate" },
        { HumanEval.Replace("(candidate):", "():"), "test", "\"check\" takes no argument" },
        { HumanEval.Replace("candidate(1) == 2", "candidate(1"), "test", "\"test\" is no Python: a bracket is never closed" },
        { HumanEval.Replace("\"canonical_solution\":\"    return 2 * n\\n\"", "\"canonical_solution\":5"), "canonical_solution", "\"canonical_solution\" is a number; expected text" },
        { Stdio.Replace("\"question\"", "\"questions\""), "question", "\"question\" is missing" },
        { Stdio.Replace("\"{\\\"inputs\\\":[\\\"a\\\\n\\\"],\\\"outputs\\\":[\\\"a\\\\n\\\"]}\"", "\"\""), "input_output", "\"input_output\" is empty" },
        { Stdio.Replace("{\\\"inputs\\\"", "{inputs"), "input_output", "\"input_output\" is not valid JSON" },
        { Stdio.Replace("\\\"inputs\\\":[", "\\\"inputs\\\":[\\\"b\\\","), "input_output.outputs", "\"outputs\" holds 1 for 2 inputs" },
        { Stdio.Replace("\\\"inputs\\\":[\\\"a\\\\n\\\"]", "\\\"inputs\\\":[1]"), "input_output.inputs[0]", "\"inputs[0]\" is a number; expected text" },
        { Stdio.Replace("\"[\\\"print(input())\\\"]\"", "{}"), "solutions", "\"solutions\" is an object; expected a list" },
        { "{\"question\":\"Q\",\"input_output\":{\"inputs\":[],\"outputs\":[]}}", "input_output.inputs", "\"inputs\" is empty" },
        { "{\"question\":\"Q\",\"input_output\":{\"fn_name\":\"f\",\"inputs\":[1],\"outputs\":[1]}}", "input_output.inputs[0]", "a list of arguments" },
        { "{\"question\":\"Q\",\"input_output\":{\"fn_name\":\"f(x\",\"inputs\":[[1]],\"outputs\":[1]}}", "input_output.fn_name", "expected the name of a function" },
        { CodeContests.Replace("\"public_tests\":{\"input\":[\"a\"]", "\"public_tests\":{\"input\":[]"), "public_tests.output", "holds 1 for 0 inputs" },
        { CodeContests.Replace("[2,3]", "[2]"), "solutions.language", "holds 1 for 2 solutions" },
        { "{\"description\":\"d\",\"public_tests\":{}}", "public_tests", "holds a test; expected at least one" },
        { "{\"description\":\"d\",\"public_tests\":[]}", "public_tests", "\"public_tests\" is a list; expected an object of lists" },
        { Mbpp[..^1] + ",\"o1coder\":{\"id\":\"a b\"}}", "o1coder.id", "in \"o1coder\": \"id\" is \"a b\"" },
        { Mbpp[..^1] + ",\"o1coder\":{\"visible_tests\":3}}", "o1coder.visible_tests", "expected a number from 1 to 2" },
        { Mbpp[..^1] + ",\"o1coder\":{\"signature\":\"def\"}}", "o1coder.signature", "\"signature\" is \"def\"" },
        { Mbpp[..^1] + ",\"o1coder\":{\"tests\":[\"assert x\"]}}", "o1coder.tests", "holds 1 tests; expected the 2 assertions" },
        { Mbpp[..^1] + ",\"o1coder\":\"{\"}", "o1coder", "\"o1coder\" is not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_line_is_named_by_file_line_and_field(string line, string field, string detail)
    {
        var good = line.Contains("entry_point", StringComparison.Ordinal) ? HumanEval.Replace("Own/1", "Own/0")
            : line.Contains("question", StringComparison.Ordinal) ? Stdio.Replace(":7,", ":0,")
            : line.Contains("public_tests", StringComparison.Ordinal) ? CodeContests.Replace("7_A", "0_A")
            : Mbpp.Replace(":11,", ":0,");
        foreach (var (path, at) in new[]
        {
            (_folder.Write("x.jsonl", $"{good}\r\n\r\n{line}\r\n{good.Replace("0_A", "1_A").Replace(":0,", ":1,").Replace("Own/0", "Own/2")}"), 3),
        })
        {
            var fault = Assert.Throws<DataSetFormatException>(() => DataSet.Read(path));
            Assert.Equal((path, at, field), (fault.Fault.File, (int)fault.Fault.Line, fault.Fault.Field));
            Assert.StartsWith($"{path}:{at}: ", fault.Message, StringComparison.Ordinal);
            Assert.Contains(detail, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);

            var kept = DataSet.Read(path, skipBad: true);
            Assert.Equal(2, kept.Problems.Count);
            Assert.Equal([fault.Fault], kept.Skipped);
        }
    }

    [Fact]
    public void Malformed_markdown_is_named_and_skipped()
    {
        var bad = _folder.Write("bad.md", "---\nid: a/b\n---\nDo it.\n");
        _folder.Write("good.md", "Do it.\n\n```python\nassert f(1) == 1\n```\n");
        Assert.StartsWith($"{bad}: no tests at all", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.Path)).Message, StringComparison.Ordinal);
        var set = DataSet.Read(_folder.Path, skipBad: true);
        Assert.Equal("good", set.Problems.Single().Id);
        Assert.Equal(bad, set.Skipped.Single().File);
    }

    [Fact]
    public void Ids_that_come_twice_are_refused_with_both_lines()
    {
        var path = _folder.Write("x.jsonl", $"{Mbpp}\n{Mbpp.Replace(":11,", ":12,")}\n{Mbpp}");
        Assert.Equal($"{path}:3: its id \"mbpp-11\" is that of line 1 too; expected an id of its own", Assert.Throws<DataSetFormatException>(() => DataSet.Read(path)).Message);
        Assert.Equal(["mbpp-11", "mbpp-12"], DataSet.Read(path, skipBad: true).Problems.Select(problem => problem.Id));
    }

    [Fact]
    public void Names_that_come_twice_get_their_line() =>
        Assert.Equal(["7_A-Echo", "7_A-Echo-2"], Read($"{CodeContests}\n{CodeContests}").Problems.Select(problem => problem.Id));

    [Fact]
    public void Long_and_strange_ids_are_mapped_stably()
    {
        var set = Read($"{Mbpp.Replace("11", $"\"{new string('a', 70)}1\"")}\n{Mbpp.Replace("11", $"\"{new string('a', 70)}2\"")}\n{Mbpp.Replace("11", "\"漢字\"")}");
        Assert.Equal(3, set.Problems.Select(problem => problem.Id).Distinct().Count());
        Assert.All(set.Problems, problem => Assert.Matches("^[A-Za-z0-9_-]{1,64}$", problem.Id));
        Assert.StartsWith(new string('a', 47) + "-", set.Problems[0].Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_format_is_the_one_that_is_read()
    {
        var path = _folder.Write("x.jsonl", Mbpp);
        Assert.Equal("question", Assert.Throws<DataSetFormatException>(() => DataSet.Read(path, DataSetFormat.Stdio)).Fault.Field);
        var unknown = _folder.Write("y.jsonl", "{\"a\":1}");
        Assert.Contains("the keys are those of no known format", Assert.Throws<DataSetFormatException>(() => DataSet.Read(unknown)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_and_missing_sets_are_named()
    {
        Assert.EndsWith("holds no problem", Assert.Throws<DataSetFormatException>(() => Read("")).Message, StringComparison.Ordinal);
        Assert.EndsWith("holds no problem", Assert.Throws<DataSetFormatException>(() => Read("[ ]")).Message, StringComparison.Ordinal);
        Assert.EndsWith("no such file", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.EndsWith("no such file", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.File("none.md"))).Message, StringComparison.Ordinal);
        Assert.EndsWith("is a folder; expected a file", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.Path, DataSetFormat.Mbpp)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("empty"));
        Assert.EndsWith("holds no problem", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.File("empty"))).Message, StringComparison.Ordinal);
        Assert.Contains("holds no good problem; 1 malformed, the first:", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.Write("bad.jsonl", "x"), skipBad: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\n{0},\n{1}\n]\n", null, 0)]
    [InlineData(" [{0} , \r\n\r\n {1} ] ", null, 0)]
    [InlineData("[{0},\n{bad},\n{1}]", "is not valid JSON", 2)]
    [InlineData("[{0},\n\n3,\n{1}]", "is a number; expected a JSON object", 3)]
    [InlineData("[{0},\n,{1}]", "nothing stands before this \",\"", 2)]
    [InlineData("[{0},{1},\n]", "nothing stands before this \"]\"", 2)]
    [InlineData("[{0},\n{1}", "the array is never closed", 2)]
    [InlineData("[{0},{1}]\n]", "something stands behind the array's \"]\"", 2)]
    public void Arrays_are_read_item_by_item(string text, string? detail, int line)
    {
        var path = _folder.Write("x.json", text.Replace("{0}", Mbpp.Replace("Add one.", "]},{[\\\"\\\\")).Replace("{1}", Mbpp.Replace(":11,", ":12,")));
        if (detail is null)
        {
            Assert.Equal(["mbpp-11", "mbpp-12"], DataSet.Read(path).Problems.Select(problem => problem.Id));
            return;
        }

        var fault = Assert.Throws<DataSetFormatException>(() => DataSet.Read(path)).Fault;
        Assert.Equal(line, fault.Line);
        Assert.Contains(detail, fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Mbpp + "\n"), 0xc3, 0x28, (byte)'\n'];
        var path = _folder.Write("x.jsonl", bytes);
        Assert.Equal($"{path}:2: the line is not UTF-8 text", DataSet.Read(path, skipBad: true).Skipped.Single().Message);
        byte[] array = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"[{Mbpp},\n{{\""), 0xc3, 0x28, .. "\":1}]"u8];
        Assert.Equal("the item is not UTF-8 text", DataSet.Read(_folder.Write("x.json", array), skipBad: true).Skipped.Single().Detail);
    }

    [Fact]
    public void An_item_that_is_too_long_is_passed_over()
    {
        var path = _folder.Write("x.json", $"[1, \"{new string('x', 100)}\", 2]");
        var items = JsonArrayItems.Read(path, 50).Select(item => item.Error ?? Encoding.UTF8.GetString(item.Bytes.Span).Trim()).ToList();
        Assert.Equal(["1", "the item is longer than 50 bytes", "2"], items);
    }

    [Fact]
    public void Broken_parquet_is_named()
    {
        var path = _folder.File("x.parquet");
        using (var writer = DataSetWriter.Create(path, DataSetFormat.Mbpp))
        {
            writer.Write(Read(Mbpp).Problems[0]);
            writer.Complete();
        }

        var bytes = File.ReadAllBytes(path);
        Assert.Contains("is no whole parquet file", Assert.Throws<DataSetFormatException>(() => DataSet.Read(_folder.Write("cut.parquet", bytes[..^9]))).Message, StringComparison.Ordinal);
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            // Whatever a flipped byte does, it is a problem or one typed line, not a crash.
            var broken = bytes.ToArray();
            broken[random.Next(4, bytes.Length - 12)] ^= (byte)(1 << random.Next(8));
            var file = _folder.Write("broken.parquet", broken);
            try
            {
                DataSet.Read(file, skipBad: true);
            }
            catch (DataSetFormatException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    [Fact]
    public async Task A_malformed_row_of_parquet_is_named_by_its_row()
    {
        var path = _folder.File("x.parquet");
        using (var stream = File.Create(path))
        {
            var rows = new[] { new MbppColumns { TaskId = "1", Text = "T", TestList = ["assert f(1)"] }, new MbppColumns { TaskId = "2", Text = "T", TestList = ["print(1)"] } };
            await Parquet.Serialization.ParquetSerializer.SerializeAsync(rows, stream, cancellationToken: TestContext.Current.CancellationToken);
        }

        var fault = Assert.Throws<DataSetFormatException>(() => DataSet.Read(path));
        Assert.Equal((2L, "test_list[0]", true), (fault.Fault.Line, fault.Fault.Field, fault.Fault.IsRow));
        Assert.StartsWith($"{path}, row 2: ", fault.Message, StringComparison.Ordinal);
        Assert.Single(DataSet.Read(path, skipBad: true).Problems);
    }

    private DataSet Read(string text) => DataSet.Read(_folder.Write("x.jsonl", text));

    private static string Row(string entryPoint, string prompt, string test) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("task_id", "Own/2");
        json.WriteString("prompt", prompt);
        json.WriteString("entry_point", entryPoint);
        json.WriteString("canonical_solution", "    return 2 * n\n");
        json.WriteString("test", test);
        json.WriteEndObject();
    });
}
