using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator.Tests;

/// <summary>The real coordinator on a loopback port, between a scripted Policy and a scripted Sandbox.</summary>
internal sealed class CoordinatorHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    public ScriptedPolicy Policy { get; } = new();

    public ScriptedSandbox Sandbox { get; } = new();

    public ScriptedTcg Tcg { get; } = new();

    public ScriptedPrm Prm { get; } = new();

    public string Runs { get; } = Directory.CreateTempSubdirectory("o1coder-runs-").FullName;

    public V1.SearchService.SearchServiceClient Client { get; private set; } = null!;

    public static async Task<CoordinatorHost> StartAsync(
        string? redis = null, Func<CoordinatorOptions, CoordinatorOptions>? change = null, string? policyAddress = null)
    {
        var host = new CoordinatorHost();
        var policy = await ServiceHost.StartAsync(host.Policy);
        var sandbox = await ServiceHost.StartAsync(host.Sandbox);
        var tcg = await ServiceHost.StartAsync(host.Tcg);
        var prm = await ServiceHost.StartAsync(host.Prm);
        host._owned.AddRange([policy, sandbox, tcg, prm]);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:policy:http:0"] = policyAddress ?? policy.Address,
            ["services:sandbox:http:0"] = sandbox.Address,
            ["services:tcg:http:0"] = tcg.Address,
            ["services:prm:http:0"] = prm.Address,
            ["ConnectionStrings:redis"] = redis,
            [CoordinatorOptions.RunsVariable] = host.Runs,
        });
        builder.AddServiceDefaults().AddCoordinator();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = CoordinatorOptions.From(builder.Configuration) with
        {
            CallRetries = 1,
            CallRetryDelay = TimeSpan.FromMilliseconds(10),
            ProgressInterval = TimeSpan.FromMilliseconds(20),
        };
        builder.Services.AddSingleton(change is null ? options : change(options));
        host._app = builder.Build();
        host._app.MapDefaultEndpoints();
        host._app.MapGrpcService<SearchGrpcService>();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host._channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(host._app));
        host.Client = new V1.SearchService.SearchServiceClient(host._channel);
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

    public RedisCache Cache => _app.Services.GetRequiredService<RedisCache>();

    /// <summary>The only search's log.</summary>
    public string LogPath => Path.Combine(Assert.Single(Directory.GetDirectories(Runs)), "events.jsonl");

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        foreach (var one in _owned)
        {
            await one.DisposeAsync();
        }

        Directory.Delete(Runs, recursive: true);
    }
}
