using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace O1Coder.Coordinator.Tests;

/// <summary>The real coordinator on a loopback port, between a scripted Policy and a scripted Sandbox.</summary>
internal sealed class CoordinatorHost : IAsyncDisposable
{
    private readonly RealCoordinator _coordinator = new();

    public ScriptedPolicy Policy { get; } = new();

    public ScriptedSandbox Sandbox { get; } = new();

    public ScriptedTcg Tcg { get; } = new();

    public ScriptedPrm Prm { get; } = new();

    public string Runs { get; } = Directory.CreateTempSubdirectory("o1coder-runs-").FullName;

    public V1.SearchService.SearchServiceClient Client { get; private set; } = null!;

    public static async Task<CoordinatorHost> StartAsync(
        string? redis = null, Func<CoordinatorOptions, CoordinatorOptions>? change = null, string? policyAddress = null,
        string cluster = "none")
    {
        var host = new CoordinatorHost();
        var coordinator = host._coordinator;
        await coordinator.AddAsync("policy", host.Policy);
        await coordinator.AddAsync("sandbox", host.Sandbox);
        await coordinator.AddAsync("tcg", host.Tcg);
        await coordinator.AddAsync("prm", host.Prm);
        coordinator.Settings["ConnectionStrings:redis"] = redis;
        coordinator.Settings[CoordinatorOptions.RunsVariable] = host.Runs;
        coordinator.Settings[ClusterOptions.ModeVariable] = cluster;
        if (policyAddress is not null)
        {
            coordinator.Settings["services:policy:http:0"] = policyAddress;
        }

        await coordinator.StartAsync<SearchGrpcService>(options =>
        {
            options = options with { ProgressInterval = TimeSpan.FromMilliseconds(20) };
            return change is null ? options : change(options);
        });
        host.Client = new V1.SearchService.SearchServiceClient(coordinator.Channel);
        return host;
    }

    public async Task<List<V1.SolveResponse>> SolveAsync(V1.SolveRequest request)
    {
        var events = new List<V1.SolveResponse>();
        using var call = Client.Solve(
            request, deadline: DateTime.UtcNow.AddSeconds(60), cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var one in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    public async Task<List<V1.SolveManyResponse>> SolveManyAsync(
        V1.SolveManyRequest request, V1.SearchService.SearchServiceClient? client = null)
    {
        var events = new List<V1.SolveManyResponse>();
        using var call = (client ?? Client).SolveMany(
            request, deadline: DateTime.UtcNow.AddSeconds(120), cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var one in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    public RedisCache Cache => _coordinator.Services.GetRequiredService<RedisCache>();

    /// <summary>The only search's log.</summary>
    public string LogPath => Path.Combine(Assert.Single(Directory.GetDirectories(Runs)), "events.jsonl");

    /// <summary>Environment variables of a coordinator process that works with the same services and folder.</summary>
    public Dictionary<string, string> ProcessSettings() => _coordinator.Settings
        .Where(one => one.Value is not null).ToDictionary(one => one.Key.Replace(":", "__", StringComparison.Ordinal), one => one.Value!);

    public Task StopAsync() => _coordinator.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        Directory.Delete(Runs, recursive: true);
    }
}
