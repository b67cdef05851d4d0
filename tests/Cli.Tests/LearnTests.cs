namespace O1Coder.Cli.Tests;

public sealed class LearnTests
{
    // For the process that verifies: tiny models gain nothing from a second thread.
    public LearnTests() => Environment.SetEnvironmentVariable("O1CODER_THREADS", "1");

    [Fact]
    public void Verify_runs_the_trainers_own_checks_as_a_process()
    {
        var session = new Session { Folder = Repository.Root };
        Assert.Equal(ExitCodes.Solved, session.Prepare("learn", "verify", "tests/Golden.Tests/data").ExitCode);
        Assert.Contains("tiny-qwen2  lora_sft_trace: 6 passed\n", session.Out, StringComparison.Ordinal);
        Assert.EndsWith("164 passed, 0 failed\n", session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public void What_fails_and_what_is_not_there_have_their_own_exit_codes()
    {
        var folder = Directory.CreateTempSubdirectory("o1coder-learn-").FullName;
        try
        {
            var session = new Session { Folder = folder };
            Assert.Equal(ExitCodes.BadInput, session.Prepare("learn", "verify", folder).ExitCode);
            Assert.StartsWith($"o1coder: FOLDER is '{folder}': expected losses.json", session.Error, StringComparison.Ordinal);

            File.WriteAllText(Path.Combine(folder, "losses.json"), """{"cases":[{"kind":"pass_at_k","n":2,"c":1,"k":1,"expected":{"value":0.75}}]}""");
            session = new Session { Folder = folder };
            Assert.Equal(ExitCodes.NotSolved, session.Prepare("learn", "verify", ".").ExitCode);
            Assert.Contains("case 0: value is 0.5, expected 0.75 within 1E-06", session.Out, StringComparison.Ordinal);
            Assert.EndsWith("0 passed, 1 failed\n", session.Out, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("FOLDER is \"gone\"; expected a folder", "learn", "verify", "gone")]
    [InlineData("learn verify needs a FOLDER", "learn", "verify")]
    [InlineData("say what to check: learn verify FOLDER", "learn")]
    public void Bad_input_gets_one_line(string message, params string[] args)
    {
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        Assert.Contains(message, Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
