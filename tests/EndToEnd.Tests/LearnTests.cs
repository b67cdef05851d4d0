using System.Text.Json;

namespace O1Coder.EndToEnd.Tests;

/// <summary>Weights that change are served: a step of training, and an evaluation of what came of it.</summary>
public sealed class LearnTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_adapter_is_trained_and_evaluated_against_the_base()
    {
        var (data, adapter, samples) = (At("mine.jsonl"), At("adapter"), At("samples.jsonl"));
        await File.WriteAllLinesAsync(
            data,
            [
                """{"prompt":[{"role":"user","content":"Double x."}],"completion":[{"role":"assistant","content":"def double(x):\n    return 2 * x"}]}""",
                """{"prompt":"def half(x):\n","completion":"    return x / 2"}""",
            ],
            Token);

        using var trained = await RunAsync(
            "train", "sft", data, "--out", adapter, "--rank", "2", "--targets", "q_proj,v_proj", "--lr", "1e-3", "--max-steps", "1", "--json");
        Assert.Equal("done", trained.RootElement.GetProperty("outcome").GetString());
        Assert.Equal((1, 2), (trained.RootElement.GetProperty("steps").GetInt32(), trained.RootElement.GetProperty("rows").GetInt32()));
        Assert.True(trained.RootElement.GetProperty("loss").GetDouble() > 0);
        var version = trained.RootElement.GetProperty("adapter_version").GetString();
        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(
            ["adapter_config.json", "adapter_model.safetensors", "training.json"],
            Directory.GetFileSystemEntries(adapter).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(adapter + ".checkpoints"));

        using var evaluated = await RunAsync(
            "evaluate", "problems/starter", "--limit", "1", "--method", "greedy", "--adapter", adapter, "--compare", "base", "--out", samples, "--json");
        var result = evaluated.RootElement;
        Assert.Equal("done", result.GetProperty("outcome").GetString());
        var arms = result.GetProperty("arms");
        Assert.Equal(version, arms[0].GetProperty("adapter_version").GetString());
        Assert.Equal(JsonValueKind.Null, arms[1].GetProperty("adapter_version").ValueKind);
        Assert.All(arms.EnumerateArray(), arm =>
        {
            Assert.Equal(1, arm.GetProperty("samples_done").GetInt32());
            Assert.InRange(arm.GetProperty("metrics").GetProperty("pass@1").GetProperty("value").GetDouble(), 0, 1);
            Assert.True(arm.GetProperty("tokens").GetInt64() > 0);
        });
        Assert.Equal(1, result.GetProperty("comparison").GetProperty("problems").GetInt32());
        Assert.Equal(2, (await File.ReadAllLinesAsync(samples, Token)).Length);
    }

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

    private async Task<JsonDocument> RunAsync(params string[] arguments)
    {
        await using var run = Start(arguments);
        var exitCode = await run.WaitForExitAsync(s_patience, Token);
        Assert.True(exitCode == 0, $"Exit code {exitCode}.\n{run.Output}\n{run.Errors}");
        Assert.Empty(run.FindLeftovers());
        return JsonDocument.Parse(run.Output);
    }
}
