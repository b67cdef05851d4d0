using O1Coder.Problems.DataSets;
using static O1Coder.Problems.Tests.DataSetRows;

namespace O1Coder.Problems.Tests;

public sealed class DataSetReadTests : IDisposable
{
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
