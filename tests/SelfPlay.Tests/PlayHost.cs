using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace O1Coder.SelfPlay.Tests;

/// <summary>The real coordinator between scripted services, on a folder of runs that outlives it.</summary>
internal sealed class PlayHost : IAsyncDisposable
{
    private readonly RealCoordinator _coordinator = new();

    public LoopPolicy Policy { get; } = new();

    public ScriptedSandbox Sandbox { get; } = new();

    public LoopTcg Tcg { get; private set; } = null!;

    public LoopPrm Prm { get; private set; } = null!;

    public LoopTrainer Trainer { get; } = new();

    public LoopEvaluator Evaluator { get; } = new();

    public string Runs { get; } = Directory.CreateTempSubdirectory("o1coder-selfplay-").FullName;

    public static async Task<PlayHost> StartAsync()
    {
        var host = new PlayHost();
        host.Tcg = new LoopTcg(host.Policy);
        host.Prm = new LoopPrm(host.Policy);
        await host._coordinator.AddAsync("policy", host.Policy);
        await host._coordinator.AddAsync("sandbox", host.Sandbox);
        await host._coordinator.AddAsync("tcg", host.Tcg);
        await host._coordinator.AddAsync("prm", host.Prm);
        await host._coordinator.AddAsync("trainer", host.Trainer);
        host._coordinator.Settings[CoordinatorOptions.RunsVariable] = host.Runs;
        await host.StartCoordinatorAsync();
        return host;
    }

    /// <summary>A coordinator that knows nothing but what is on the disk takes the old one's place.</summary>
    public async Task RestartAsync()
    {
        await _coordinator.EndAsync();
        await StartCoordinatorAsync();
    }

    /// <summary>Plays until the run ends or an event says stop, which cancels the call.</summary>
    public async Task<List<V1.PlayResponse>> PlayAsync(V1.PlayRequest request, Func<V1.PlayResponse, bool>? stop = null)
    {
        var events = new List<V1.PlayResponse>();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = new V1.SelfPlayService.SelfPlayServiceClient(_coordinator.Channel).Play(
            request, deadline: DateTime.UtcNow.AddSeconds(60), cancellationToken: cancel.Token);
        try
        {
            await foreach (var one in call.ResponseStream.ReadAllAsync(cancel.Token))
            {
                events.Add(one);
                if (stop?.Invoke(one) == true)
                {
                    await cancel.CancelAsync();
                }
            }
        }
        catch (Exception error) when (cancel.IsCancellationRequested && error is RpcException or OperationCanceledException)
        {
            return events;
        }

        return events;
    }

    public string At(string run, string path) => Path.Combine(Runs, run, path);

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        Directory.Delete(Runs, recursive: true);
    }

    private Task StartCoordinatorAsync() => _coordinator.StartAsync<SelfPlayGrpcService>(options => options, services => services
        .AddSingleton(new SelfPlayOptions
        {
            OutageRetries = 3,
            OutageDelay = TimeSpan.FromMilliseconds(5),
            LongestOutageDelay = TimeSpan.FromMilliseconds(20),
            ProgressInterval = TimeSpan.Zero,
        })
        .AddSingleton<IEvaluator>(Evaluator));
}
