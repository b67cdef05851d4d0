using System.Text;
using O1Coder.Problems.DataSets;
using O1Coder.Problems.Training;

namespace O1Coder.Problems.Tests;

public sealed class TrainingFileTests : IDisposable
{
    private const string Hostile = "\"quotes\" \\ \n\t\u0001\u2028 漢 🙂 </script>";

    private static readonly Prompt s_chat = new() { Messages = [new("system", "You write code."), new("user", Hostile)] };

    private static readonly TrainingExample[] s_examples =
    [
        new CompletionExample(s_chat, Hostile) { Id = "a" },
        new CompletionExample(new Prompt { Text = "plain" }, ""),
        new CompletionExample(new Prompt { Text = "" }, "x"),
        new PreferenceExample(s_chat, "good", "bad") { Id = "p" },
        new PreferenceExample(new Prompt { Text = "plain" }, "good", "bad"),
        new StepwiseExample("problem", ["one", Hostile, "three"], [1, 0, 1]) { Id = "s" },
        new StepwiseExample("problem", ["one", "two"], [0.1, 1.0 / 3]),
        new StepwisePreferenceExample("problem", [], "good", "bad"),
        new StepwisePreferenceExample("problem", ["one"], "good", Hostile) { Id = "w" },
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var path = _folder.File("deep/down/all.jsonl");
        Assert.Equal(s_examples.Length, TrainingFile.Write(path, s_examples));
        Assert.Equal(s_examples, TrainingFile.Read<TrainingExample>(path).Examples);
        Assert.Equal(s_examples.Length, File.ReadAllText(path).Count(c => c == '\n'));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void The_text_is_what_trl_reads()
    {
        var path = _folder.File("x.jsonl");
        TrainingFile.Write(path, [s_examples[3], s_examples[5], s_examples[6], s_examples[8] with { Id = "" }, new CompletionExample(new Prompt { Text = "a" }, "b")]);
        var lines = File.ReadAllLines(path);
        Assert.EndsWith("\"chosen\":[{\"role\":\"assistant\",\"content\":\"good\"}],\"rejected\":[{\"role\":\"assistant\",\"content\":\"bad\"}]}", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":\"p\",\"prompt\":[{\"role\":\"system\",\"content\":\"You write code.\"},{\"role\":\"user\"", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("\"labels\":[true,false,true]}", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("\"labels\":[0.1,0.3333333333333333]}", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("{\"prompt\":\"problem\",\"prefix\":[\"one\"],\"chosen\":\"good\",\"rejected\":", lines[3], StringComparison.Ordinal);
        Assert.Equal("{\"prompt\":\"a\",\"completion\":\"b\"}", lines[4]);
    }

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "nonsense", "", "the line is not valid JSON" },
        { "[1]", "", "the line is a list; expected a JSON object" },
        { "{\"prompt\":\"a\"}", "completion", "none of \"completion\"" },
        { "{\"completion\":\"a\"}", "prompt", "\"prompt\" is missing; expected text or a list of messages" },
        { "{\"prompt\":1,\"completion\":\"a\"}", "prompt", "\"prompt\" is a number; expected text or a list of messages" },
        { "{\"prompt\":[],\"completion\":\"a\"}", "prompt", "\"prompt\" is an empty list" },
        { "{\"prompt\":[\"a\"],\"completion\":\"a\"}", "prompt[0]", "\"prompt[0]\" is text; expected an object with role and content" },
        { "{\"prompt\":[{\"role\":\"user\"}],\"completion\":\"a\"}", "prompt[0].content", "\"prompt[0].content\" is missing" },
        { "{\"prompt\":[{\"role\":\"tool\",\"content\":\"x\"}],\"completion\":\"a\"}", "prompt[0].role", "\"prompt[0].role\" is \"tool\"; expected system, user or assistant" },
        { "{\"prompt\":[{\"role\":\"user\",\"content\":\"x\"}],\"completion\":\"a\"}", "completion", "\"completion\" is text; expected a list with one message" },
        { "{\"prompt\":[{\"role\":\"user\",\"content\":\"x\"}],\"completion\":[]}", "completion", "\"completion\" is a list of 0" },
        { "{\"prompt\":[{\"role\":\"user\",\"content\":\"x\"}],\"completion\":[{\"role\":\"user\",\"content\":\"x\"}]}", "completion[0].role", "expected \"assistant\"" },
        { "{\"prompt\":\"a\",\"completion\":[{\"role\":\"assistant\",\"content\":\"x\"}]}", "completion", "\"completion\" is a list; expected text" },
        { "{\"prompt\":\"a\",\"completion\":\"\\ud800\"}", "completion", "half of a surrogate pair" },
        { "{\"prompt\":\"a\",\"completion\":\"b\",\"completion\":\"c\"}", "", "not valid JSON" },
        { "{\"prompt\":\"a\",\"chosen\":\"b\"}", "rejected", "\"rejected\" is missing; expected text" },
        { "{\"prompt\":\"a\",\"prefix\":\"b\",\"chosen\":\"b\",\"rejected\":\"c\"}", "prefix", "\"prefix\" is text; expected a list of texts" },
        { "{\"prompt\":\"a\",\"completions\":[\"b\"]}", "labels", "\"labels\" is missing" },
        { "{\"prompt\":\"a\",\"completions\":[],\"labels\":[]}", "completions", "\"completions\" is an empty list" },
        { "{\"prompt\":\"a\",\"completions\":[\"b\"],\"labels\":[1,0]}", "labels", "\"labels\" holds 2 for 1 steps" },
        { "{\"prompt\":\"a\",\"completions\":[\"b\"],\"labels\":[2]}", "labels[0]", "\"labels[0]\" is 2; expected a number from 0 to 1" },
        { "{\"prompt\":\"a\",\"completions\":[\"b\"],\"labels\":[\"x\"]}", "labels[0]", "\"labels[0]\" is text" },
        { "{\"prompt\":\"a\",\"completions\":[\"b\"],\"labels\":[NaN]}", "", "not valid JSON" },
        { "{\"prompt\":\"a\",\"completions\":[1],\"labels\":[1]}", "completions[0]", "\"completions[0]\" is a number; expected text" },
        { "{\"id\":1,\"prompt\":\"a\",\"completion\":\"b\"}", "id", "\"id\" is a number" },
        { new string('[', 100_000), "", "not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_line_is_named_by_file_line_and_field(string line, string field, string detail)
    {
        const string Good = "{\"prompt\":\"a\",\"completion\":\"b\",\"other\":{\"ignored\":null}}";
        var path = _folder.Write("x.jsonl", $"{Good}\n\n{line}\n{Good}");

        var fault = Assert.Throws<DataSetFormatException>(() => TrainingFile.Read<TrainingExample>(path));
        Assert.Equal((path, 3, field), (fault.Fault.File, fault.Fault.Line, fault.Fault.Field));
        Assert.StartsWith($"{path}:3: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(detail, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);

        var kept = TrainingFile.Read<TrainingExample>(path, skipBad: true);
        Assert.Equal(2, kept.Examples.Count);
        Assert.Equal([fault.Fault], kept.Skipped);
    }

    [Fact]
    public void A_line_of_another_kind_is_malformed()
    {
        var path = _folder.File("x.jsonl");
        TrainingFile.Write(path, [s_examples[0], s_examples[3]]);
        var fault = Assert.Throws<DataSetFormatException>(() => TrainingFile.Read<CompletionExample>(path));
        Assert.EndsWith(":2: the line is a prompt with a chosen and a rejected answer; expected a prompt with a completion", fault.Message, StringComparison.Ordinal);
        Assert.Equal([s_examples[0]], TrainingFile.Read<CompletionExample>(path, skipBad: true).Examples);
    }

    [Fact]
    public void Line_ends_marks_and_bytes_of_all_kinds()
    {
        const string Good = "{\"prompt\":\"a\",\"completion\":\"é\"}";
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"{Good}\r\n \t\r\n"), 0xff, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)];
        var data = TrainingFile.Read<CompletionExample>(_folder.Write("x.jsonl", bytes), skipBad: true);
        Assert.Equal(["é", "é"], data.Examples.Select(example => example.Completion));
        Assert.Equal((3, "the line is not UTF-8 text"), (data.Skipped[0].Line, data.Skipped[0].Detail));
        Assert.Empty(TrainingFile.Read<TrainingExample>(_folder.Write("empty.jsonl", "")).Examples);
    }

    [Fact]
    public void A_line_that_is_too_long_is_passed_over_without_being_kept()
    {
        var path = _folder.File("x.jsonl");
        using (var file = new StreamWriter(path))
        {
            file.WriteLine("{\"prompt\":\"a\",\"completion\":\"one\"}");
            for (var i = 0; i < 100; i++)
            {
                file.Write(new string('x', 1 << 20));
            }

            file.WriteLine();
            file.WriteLine("{\"prompt\":\"a\",\"completion\":\"two\"}");
        }

        // One line, 2 × 16 MiB at the most for its buffer, not the 100 MB of the file.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var data = TrainingFile.Read<CompletionExample>(path, skipBad: true);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 48L << 20);
        Assert.Equal(["one", "two"], data.Examples.Select(example => example.Completion));
        Assert.Equal($"{path}:2: the line is longer than 16 MiB", data.Skipped.Single().Message);
    }

    [Fact]
    public void Lines_of_every_length_around_the_limit()
    {
        var path = _folder.Write("x", string.Join('\n', Enumerable.Range(1, 40).Select(n => new string('x', n))));
        var lines = Utf8Lines.Read(path, 20).Select(line => (line.Number, line.Bytes.Length, line.Error)).ToList();
        Assert.Equal(Enumerable.Range(1, 40).Select(n => n <= 20 ? ((long)n, n, (string?)null) : (n, 0, "the line is longer than 20 bytes")), lines);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Assert.EndsWith("none: no such file", Assert.Throws<DataSetFormatException>(() => TrainingFile.Read<TrainingExample>(_folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.EndsWith("is a folder; expected a file", Assert.Throws<DataSetFormatException>(() => TrainingFile.Read<TrainingExample>(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fails_while_writing_leaves_what_was_there()
    {
        var path = _folder.Write("x.jsonl", "before");
        Assert.Throws<InvalidOperationException>(() => TrainingFile.Write(path, Failing()));
        Assert.Throws<ArgumentException>(() => TrainingFile.Write(path, [new StepwiseExample("p", ["a"], [double.NaN])]));
        Assert.Throws<ArgumentException>(() => TrainingFile.Write(path, [new StepwiseExample("p", ["a"], [1, 1])]));
        Assert.Throws<ArgumentException>(() => TrainingFile.Write(path, [new StepwiseExample("p", [], [])]));
        Assert.Throws<ArgumentException>(() => TrainingFile.Write(path, [new CompletionExample(new Prompt { Messages = [new("tool", "x")] }, "")]));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.Throws<IOException>(() => TrainingFile.Write(_folder.Path, []));
        Assert.Throws<IOException>(() => TrainingFile.Write(Path.Combine(path, "below-a-file.jsonl"), []));

        static IEnumerable<TrainingExample> Failing()
        {
            yield return s_examples[0];
            throw new InvalidOperationException("in the middle");
        }
    }
}
