using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.Coordinator;
using O1Coder.Coordinator.Tests;
using O1Coder.ServiceDefaults;

namespace O1Coder.Evaluation.Tests;

/// <summary>The real coordinator on a loopback port between scripted services.</summary>
internal sealed class EvaluationHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    public ScriptedPolicy Policy { get; } = new();

    public ScriptedSandbox Sandbox { get; } = new();

    public ScriptedTcg Tcg { get; } = new();

    public ScriptedPrm Prm { get; } = new();

    public V1.EvaluationService.EvaluationServiceClient Client { get; private set; } = null!;

    public static async Task<EvaluationHost> StartAsync(
        TemporaryRuns runs, Func<CoordinatorOptions, CoordinatorOptions>? change = null)
    {
        var host = new EvaluationHost();
        var policy = await ServiceHost.StartAsync(host.Policy);
        var sandbox = await ServiceHost.StartAsync(host.Sandbox);
        var tcg = await ServiceHost.StartAsync(host.Tcg);
        var prm = await ServiceHost.StartAsync(host.Prm);
        host._owned.AddRange([policy, sandbox, tcg, prm]);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:policy:http:0"] = policy.Address,
            ["services:sandbox:http:0"] = sandbox.Address,
            ["services:tcg:http:0"] = tcg.Address,
            ["services:prm:http:0"] = prm.Address,
            [CoordinatorOptions.RunsVariable] = runs.Path,
        });
        builder.AddServiceDefaults().AddCoordinator();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = CoordinatorOptions.From(builder.Configuration) with
        {
            CallRetries = 1,
            CallRetryDelay = TimeSpan.FromMilliseconds(5),
            EvaluationRetries = 1,
        };
        builder.Services.AddSingleton(change is null ? options : change(options));
        host._app = builder.Build();
        host._app.MapGrpcService<EvaluationGrpcService>();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host._channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(host._app));
        host.Client = new V1.EvaluationService.EvaluationServiceClient(host._channel);
        return host;
    }

    /// <summary>All events of one evaluation.</summary>
    public async Task<List<V1.EvaluateResponse>> EvaluateAsync(V1.EvaluateRequest request)
    {
        var events = new List<V1.EvaluateResponse>();
        using var call = Client.Evaluate(
            request, deadline: DateTime.UtcNow.AddSeconds(60), cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var one in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        foreach (var one in _owned)
        {
            await one.DisposeAsync();
        }
    }
}
