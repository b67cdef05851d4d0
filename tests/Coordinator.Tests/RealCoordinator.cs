using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator.Tests;

/// <summary>The real coordinator on a loopback port, between the scripted services that a test gives it.</summary>
internal sealed class RealCoordinator : IAsyncDisposable
{
    private readonly List<ServiceHost> _scripted = [];
    private WebApplication? _app;

    /// <summary>Its settings; to be complete before it is started.</summary>
    public Dictionary<string, string?> Settings { get; } = new() { [ClusterOptions.ModeVariable] = "none" };

    /// <summary>A connection to the coordinator that runs.</summary>
    public GrpcChannel Channel { get; private set; } = null!;

    /// <summary>What the coordinator that runs is made of.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>Starts a scripted service that the coordinator will find under a name.</summary>
    public async Task AddAsync<TService>(string name, TService service) where TService : class
    {
        var host = await ServiceHost.StartAsync(service);
        _scripted.Add(host);
        Settings[$"services:{name}:http:0"] = host.Address;
    }

    /// <summary>Starts it with one of its gRPC services; calls are made again once.</summary>
    /// <param name="change">The options, further changed.</param>
    /// <param name="replace">Puts other services in place of its own; null for none.</param>
    public async Task StartAsync<TService>(
        Func<CoordinatorOptions, CoordinatorOptions> change, Action<IServiceCollection>? replace = null) where TService : class
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.AddServiceDefaults().AddCoordinator();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(change(CoordinatorOptions.From(builder.Configuration) with
        {
            CallRetries = 1,
            CallRetryDelay = TimeSpan.FromMilliseconds(5),
        }));
        replace?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapDefaultEndpoints();
        _app.MapGrpcService<TService>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    /// <summary>Stops it as a signal does; connections stay until <see cref="EndAsync"/>.</summary>
    public Task StopAsync() => _app!.StopAsync(CancellationToken.None);

    /// <summary>Stops it and lets go of all it held; it may be started again.</summary>
    public async Task EndAsync()
    {
        Channel.Dispose();
        await StopAsync();
        await _app!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        foreach (var one in _scripted)
        {
            await one.DisposeAsync();
        }
    }
}
