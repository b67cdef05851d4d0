namespace O1Coder.Cli.Tests;

public sealed class SandboxTests
{
    private const string Case = """{"language": "python", "mode": "function", "entry": "f", "tests": [{"args": [1], "expected": 1}], "expect": ["EXPECT"]}""";

    [Fact]
    public void Verify_runs_cases_through_the_sandbox_as_a_process()
    {
        var folder = Directory.CreateTempSubdirectory("o1coder-sandbox-").FullName;
        try
        {
            Write(folder, "right", "Accepted");
            var session = new Session { Folder = folder };
            Assert.Equal(ExitCodes.Solved, session.Prepare("sandbox", "verify", ".", "--repeat", "2").ExitCode);
            Assert.EndsWith("2 passed, 0 failed\n", session.Out, StringComparison.Ordinal);

            Write(folder, "wrong", "WA");
            session = new Session { Folder = folder };
            Assert.Equal(ExitCodes.NotSolved, session.Prepare("sandbox", "verify", ".", "--parallel", "2").ExitCode);
            Assert.Contains("FAILED wrong: expected WrongAnswer, came Accepted (all 1 tests passed)\n", session.Out, StringComparison.Ordinal);
            Assert.EndsWith("1 passed, 1 failed\n", session.Out, StringComparison.Ordinal);

            Write(folder, "bad", "Fine");
            session = new Session { Folder = folder };
            Assert.Equal(ExitCodes.BadInput, session.Prepare("sandbox", "verify", ".").ExitCode);
            Assert.StartsWith("o1coder: bad: expect is \"Fine\": expected Accepted", Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("FOLDER is \"gone\"; expected a folder", "sandbox", "verify", "gone")]
    [InlineData("sandbox verify needs a FOLDER", "sandbox", "verify")]
    [InlineData("say what to check: sandbox verify FOLDER", "sandbox")]
    [InlineData("--repeat is '0': expected a whole number from 1 to 10000", "sandbox", "verify", ".", "--repeat", "0")]
    [InlineData("--limiter is 'none': expected auto, cgroup-v2", "sandbox", "verify", ".", "--limiter", "none")]
    public void Bad_input_gets_one_line(string message, params string[] args)
    {
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        Assert.Contains(message, Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static void Write(string folder, string name, string expect)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(path, "case.json"), Case.Replace("EXPECT", expect, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(path, "program.py"), "def f(x):\n    return x\n");
    }
}
