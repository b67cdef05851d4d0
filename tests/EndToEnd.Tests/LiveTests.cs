using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace O1Coder.EndToEnd.Tests;

/// <summary>What the running system tells of itself, and what it does for who asks.</summary>
[Collection(LiveSystem.Collection)]
public sealed class LiveTests(LiveSystem system) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_service_is_healthy_and_says_so_itself()
    {
        var app = system.Application;
        string[] services = ["policy", "sandbox", "tcg", "prm", "trainer", "coordinator"];
        Assert.Equal(services, app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ProjectResource>().Select(service => service.Name));
        foreach (var service in services)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(service, Token);
            using var client = app.CreateHttpClient(service, "health");
            Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health", UriKind.Relative), Token));
        }

        Assert.StartsWith("127.0.0.1:", await app.GetConnectionStringAsync("redis", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_tree()
    {
        var trees = new List<string?>();
        foreach (var (exitCode, result) in new[] { await system.SolveOnceAsync(Token), await system.SolveAsync(Token) })
        {
            Assert.True(exitCode is 0 or 1, result);
            using var document = JsonDocument.Parse(result);
            trees.Add(document.RootElement.GetProperty("tree_hash").GetString());
        }

        Assert.Matches("^[0-9a-f]{64}$", trees[0]);
        Assert.Equal(trees[0], trees[1]);
    }

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
            "train", "sft", data, "--out", adapter, "--rank", "2", "--targets", "q_proj,v_proj", "--lr", "1e-3", "--max-steps", "1");
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
            "evaluate", "problems/starter", "--limit", "1", "--method", "greedy", "--adapter", adapter, "--compare", "base", "--out", samples);
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

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task<JsonDocument> RunAsync(params string[] arguments)
    {
        var (exitCode, result) = await system.RunAsync(Token, arguments);
        Assert.True(exitCode == 0, result.RootElement.GetRawText());
        return result;
    }
}
