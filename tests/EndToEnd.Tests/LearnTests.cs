namespace O1Coder.EndToEnd.Tests;

/// <summary>Bad input for training, evaluation and self-play.</summary>
public sealed class LearnTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--adapter is \"no-such-adapter\"; there is no such folder", "evaluate", "problems/starter", "--adapter", "no-such-adapter")]
    [InlineData("--rank is \"0\"; expected a whole number from 1 to 64", "train", "sft", "DATA", "--rank", "0")]
    [InlineData("--lr is \"NaN\"; expected a number above 0, at most 1", "train", "dpo", "DATA", "--lr", "NaN")]
    [InlineData("--problems is \"no-such-folder\"; expected a folder of problems", "selfplay", "--problems", "no-such-folder")]
    [InlineData("mine.jsonl:2: the line is not valid JSON", "train", "sft", "DATA", "--rank", "2")]
    public async Task Bad_input_gets_one_line(string message, params string[] arguments)
    {
        var data = At("mine.jsonl");
        await File.WriteAllTextAsync(data, """{"prompt":"a","completion":"b"}""" + "\n{broken\n", Token);
        await using var run = Start([.. arguments.Select(one => one == "DATA" ? data : one)]);
        var exitCode = await run.WaitForExitAsync(s_patience, Token);

        Assert.True(exitCode == 2, $"Exit code {exitCode}.\n{run.Output}\n{run.Errors}");
        Assert.Contains(message, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        Assert.Empty(run.FindLeftovers());
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private AppHostProcess Start(string[] arguments) =>
        AppHostProcess.Start(arguments, new Dictionary<string, string> { ["O1CODER_RUNS"] = At("runs") });
}
