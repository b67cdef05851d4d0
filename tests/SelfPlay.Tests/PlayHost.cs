using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.SelfPlay.Tests;

/// <summary>The real coordinator between scripted services, on a folder of runs that outlives it.</summary>
internal sealed class PlayHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly Dictionary<string, string?> _addresses = [];
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

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
        await host.AddAsync("policy", host.Policy);
        await host.AddAsync("sandbox", host.Sandbox);
        await host.AddAsync("tcg", host.Tcg);
        await host.AddAsync("prm", host.Prm);
        await host.AddAsync("trainer", host.Trainer);
        host._addresses[CoordinatorOptions.RunsVariable] = host.Runs;
        await host.StartCoordinatorAsync();
        return host;
    }

    /// <summary>A coordinator that knows nothing but what is on the disk takes the old one's place.</summary>
    public async Task RestartAsync()
    {
        await StopCoordinatorAsync();
        await StartCoordinatorAsync();
    }

    /// <summary>Plays until the run ends or an event says stop, which cancels the call.</summary>
    public async Task<List<V1.PlayResponse>> PlayAsync(V1.PlayRequest request, Func<V1.PlayResponse, bool>? stop = null)
    {
        var events = new List<V1.PlayResponse>();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = new V1.SelfPlayService.SelfPlayServiceClient(_channel).Play(
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
        await StopCoordinatorAsync();
        foreach (var one in _owned)
        {
            await one.DisposeAsync();
        }

        Directory.Delete(Runs, recursive: true);
    }

    private async Task AddAsync<T>(string name, T service) where T : class
    {
        var host = await ServiceHost.StartAsync(service);
        _owned.Add(host);
        _addresses[$"services:{name}:http:0"] = host.Address;
    }

    private async Task StartCoordinatorAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(_addresses);
        builder.AddServiceDefaults().AddCoordinator();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(CoordinatorOptions.From(builder.Configuration) with
        {
            CallRetries = 1,
            CallRetryDelay = TimeSpan.FromMilliseconds(5),
        });
        builder.Services.AddSingleton(new SelfPlayOptions
        {
            OutageRetries = 3,
            OutageDelay = TimeSpan.FromMilliseconds(5),
            LongestOutageDelay = TimeSpan.FromMilliseconds(20),
            ProgressInterval = TimeSpan.Zero,
        });
        builder.Services.AddSingleton<IEvaluator>(Evaluator);
        _app = builder.Build();
        _app.MapGrpcService<SelfPlayGrpcService>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _channel = GrpcChannel.ForAddress(ServiceHost.AddressOf(_app));
    }

    private async Task StopCoordinatorAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
