using O1Coder.Sandbox.Verification;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests.Verification;

public sealed class CaseReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-cases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_field_reaches_the_request()
    {
        Write("a/one", """
            {"language": "python", "mode": "function", "entry": "f", "tests": [{"args": [1, 2.0, "x"], "expected": {"k": null}}],
             "checker": "float:1e-3", "limits": {"cpu_s": 1, "wall_s": 2.5, "memory_mb": 64, "processes": 3, "output_kb": 5, "file_mb": 2},
             "expect": ["ac", "RuntimeError", "wtle"], "forbid": ["x"], "files": {"a.txt": "b"}, "then": "two", "within_s": 3}
            """);
        Write("a/two", """{"language": "python", "mode": "stdio", "tests": [{"stdin": "1", "stdout": "2"}], "expect": "SV"}""");
        var cases = CaseReader.ReadAll(_folder);
        var (one, two) = (cases[0], cases[1]);
        Assert.Equal(("a/one", "a/two", two), (one.Name, two.Name, one.Then));
        Assert.Equal(["Accepted", "RuntimeError", "TimeLimit"], one.Expect.Order(StringComparer.Ordinal));
        Assert.Equal(["PolicyViolation"], two.Expect);
        Assert.Equal((3.0, "x"), (one.WithinSeconds, Assert.Single(one.Forbid)));
        Assert.Equal(new ExecuteRequest
        {
            Language = Language.Python,
            Program = "pass\n",
            Entry = "f",
            Tests = { new TestCase { Function = new FunctionTest { ArgsJson = """[1, 2.0, "x"]""", ExpectedJson = """{"k": null}""" } } },
            Checker = new Checker { Kind = CheckerKind.Floats, Tolerance = 1e-3 },
            Limits = new ExecutionLimits { CpuSeconds = 1, WallSeconds = 2.5, MemoryBytes = 64 << 20, Processes = 3, OutputBytes = 5 << 10, FileBytes = 2 << 20 },
            Files = { ["a.txt"] = "b" },
        }, one.Request);
    }

    [Theory]
    [InlineData("""{"mode": "stdio"}""", "one: mode is absent")] // replaced below
    [InlineData("""{"language": "cobol"}""", "one: language is \"cobol\": expected python, cpp")]
    [InlineData("""{"mode": "x"}""", "one: mode is \"x\": expected stdio, function or assert")]
    [InlineData("""{"mode": "function"}""", "one: entry is absent: expected the function's name")]
    [InlineData("""{"tests": 1}""", "one: tests is 1: expected a list")]
    [InlineData("""{"tests": [{"stdin": 1}]}""", "one: tests[0].stdin is 1: expected a text")]
    [InlineData("""{"tests": [{"stdim": ""}]}""", "one: tests[0].stdim is \"\": expected no such field; there are stdin, stdout")]
    [InlineData("""{"checker": "float:2"}""", "one: checker is \"float:2\": expected exact, tokens, float:1e-6")]
    [InlineData("""{"checker": "program:../x.py"}""", "one: checker is ")]
    [InlineData("""{"checker": "program:gone.py"}""", "one: gone.py is absent")]
    [InlineData("""{"limits": {"cpu_s": "1"}}""", "one: limits.cpu_s is \"1\": expected a number")]
    [InlineData("""{"limits": {"memory_mb": -1}}""", "one: limits.memory_mb is -1.0: expected a number from 0 on")]
    [InlineData("""{"limits": {"memory": 1}}""", "one: limits.memory is 1: expected no such field")]
    [InlineData("""{"expect": ["Fine"]}""", "one: expect is \"Fine\": expected Accepted, WrongAnswer")]
    [InlineData("""{"expect": ["InternalError"]}""", "one: expect is \"InternalError\"")]
    [InlineData("""{"expect": []}""", "one: expect is []: expected at least one verdict")]
    [InlineData("""{"then": "gone"}""", "one: then is \"gone\": expected the name of another case")]
    [InlineData("""{"files": {"a": 1}}""", "one: files.a is 1: expected a text")]
    [InlineData("""{"surprise": 1}""", "one: surprise is 1: expected no such field")]
    public void A_bad_field_is_named_with_its_case_and_value(string changed, string message)
    {
        var fields = new Dictionary<string, string>
        {
            ["language"] = "\"python\"",
            ["mode"] = "\"stdio\"",
            ["tests"] = "[{\"stdin\": \"\", \"stdout\": \"\"}]",
            ["expect"] = "[\"Accepted\"]",
        };
        using var change = System.Text.Json.JsonDocument.Parse(changed);
        foreach (var property in change.RootElement.EnumerateObject())
        {
            fields[property.Name] = property.Value.GetRawText();
        }

        if (message.Contains("mode is absent", StringComparison.Ordinal))
        {
            fields.Remove("mode");
        }

        Write("one", $"{{{string.Join(", ", fields.Select(field => $"\"{field.Key}\": {field.Value}"))}}}");
        var exception = Assert.Throws<CaseFormatException>(() => CaseReader.ReadAll(_folder));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "one: case.json is no JSON")]
    [InlineData("[]", "one: case.json is []: expected an object")]
    public void A_file_that_is_no_case_is_told(string text, string message)
    {
        Write("one", text);
        Assert.StartsWith(message, Assert.Throws<CaseFormatException>(() => CaseReader.ReadAll(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_needs_one_program_and_no_links()
    {
        Write("one", """{"language": "python", "mode": "stdio", "tests": [], "expect": ["AC"]}""");
        File.WriteAllText(Path.Combine(_folder, "one", "program.c"), "");
        Assert.Contains("there are 2 files program.*", Assert.Throws<CaseFormatException>(() => CaseReader.ReadAll(_folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "one", "program.c"));
        File.Delete(Path.Combine(_folder, "one", "program.py"));
        File.CreateSymbolicLink(Path.Combine(_folder, "one", "program.py"), "/dev/zero");
        Assert.Contains("program.py is a link", Assert.Throws<CaseFormatException>(() => CaseReader.ReadAll(_folder)).Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(_folder, "one"), recursive: true);
        Assert.StartsWith("FOLDER is '", Assert.Throws<CaseFormatException>(() => CaseReader.ReadAll(_folder)).Message, StringComparison.Ordinal);
    }

    private void Write(string name, string json)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "case.json"), json);
        File.WriteAllText(Path.Combine(folder, "program.py"), "pass\n");
    }
}
