using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace O1Coder.Dashboard.Scenario;

/// <summary>Serves a <see cref="ScriptedAppHost"/> on the loopback.</summary>
public sealed class ScriptedAppHostServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedAppHostServer(WebApplication app, ScriptedAppHost appHost)
    {
        _app = app;
        AppHost = appHost;
        Address = new Uri(app.Urls.Single());
    }

    /// <summary>What is served.</summary>
    public ScriptedAppHost AppHost { get; }

    /// <summary>Where.</summary>
    public Uri Address { get; }

    /// <summary>Starts one; port 0 takes a free one.</summary>
    public static async Task<ScriptedAppHostServer> StartAsync(ScriptedAppHost appHost, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(one => one.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(appHost);
        var app = builder.Build();
        app.MapGrpcService<ScriptedAppHost>();
        await app.StartAsync(cancellationToken);
        return new ScriptedAppHostServer(app, appHost);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppHost.End();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
