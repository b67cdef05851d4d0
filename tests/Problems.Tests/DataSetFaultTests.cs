using System.Text;
using O1Coder.Problems.DataSets;
using static O1Coder.Problems.Tests.DataSetRows;

namespace O1Coder.Problems.Tests;

public sealed class DataSetFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
}
