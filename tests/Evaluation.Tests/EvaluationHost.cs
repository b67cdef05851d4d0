using Grpc.Core;
using O1Coder.Coordinator;
using O1Coder.Coordinator.Tests;

namespace O1Coder.Evaluation.Tests;

/// <summary>The real coordinator on a loopback port between scripted services.</summary>
internal sealed class EvaluationHost : IAsyncDisposable
{
    private readonly RealCoordinator _coordinator = new();

    public ScriptedPolicy Policy { get; } = new();

    public ScriptedSandbox Sandbox { get; } = new();

    public ScriptedTcg Tcg { get; } = new();

    public ScriptedPrm Prm { get; } = new();

    public V1.EvaluationService.EvaluationServiceClient Client { get; private set; } = null!;

    public static async Task<EvaluationHost> StartAsync(
        TemporaryRuns runs, Func<CoordinatorOptions, CoordinatorOptions>? change = null)
    {
        var host = new EvaluationHost();
        var coordinator = host._coordinator;
        await coordinator.AddAsync("policy", host.Policy);
        await coordinator.AddAsync("sandbox", host.Sandbox);
        await coordinator.AddAsync("tcg", host.Tcg);
        await coordinator.AddAsync("prm", host.Prm);
        coordinator.Settings[CoordinatorOptions.RunsVariable] = runs.Path;
        await coordinator.StartAsync<EvaluationGrpcService>(options =>
        {
            options = options with { EvaluationRetries = 1 };
            return change is null ? options : change(options);
        });
        host.Client = new V1.EvaluationService.EvaluationServiceClient(coordinator.Channel);
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

    public ValueTask DisposeAsync() => _coordinator.DisposeAsync();
}
