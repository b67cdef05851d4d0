using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Tcg.Tests;

/// <summary>The real service between a scripted Policy and a scripted or given Sandbox.</summary>
internal sealed class TcgHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    public ScriptedPolicy Policy { get; } = new();

    public ScriptedSandbox Sandbox { get; } = new();

    public V1.TcgService.TcgServiceClient Client { get; private set; } = null!;

    public static async Task<TcgHost> StartAsync(string? sandboxAddress = null, params (string Key, string Value)[] settings)
    {
        var host = new TcgHost();
        var policy = await ServiceHost.StartAsync(host.Policy);
        var sandbox = await ServiceHost.StartAsync(host.Sandbox);
        host._owned.AddRange([policy, sandbox]);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:policy:http:0"] = policy.Address,
            ["services:sandbox:http:0"] = sandboxAddress ?? sandbox.Address,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)));
        builder.AddServiceDefaults().AddTcg();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        host._app = builder.Build();
        host._app.MapGrpcService<TcgGrpcService>();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host._channel = GrpcChannel.ForAddress(host._app.Urls.Single());
        host.Client = new V1.TcgService.TcgServiceClient(host._channel);
        return host;
    }

    public async Task<(V1.TcgFinished Finished, List<V1.TcgProgress> Progress)> GenerateAsync(V1.GenerateTestsRequest request)
    {
        var token = TestContext.Current.CancellationToken;
        using var call = Client.GenerateTests(request, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: token);
        var events = await call.ResponseStream.ReadAllAsync(token).ToListAsync(token);
        return (events[^1].Finished, [.. events.SkipLast(1).Select(one => one.Progress)]);
    }

    public async Task<List<V1.TrainingExample>> BuildAsync(V1.BuildTcgDataRequest request)
    {
        var token = TestContext.Current.CancellationToken;
        using var call = Client.BuildTcgData(request, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: token);
        return [.. (await call.ResponseStream.ReadAllAsync(token).ToListAsync(token)).Select(one => one.Example)];
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        foreach (var one in _owned)
        {
            await one.DisposeAsync();
        }
    }
}
