using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.UserSecrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Serves the AppHost's resources to a dashboard: gRPC on the loopback, to callers that send the key. It is up before the
/// first resource starts and until the last has ended.
/// </summary>
internal sealed class ResourceServiceHost(IConfiguration configuration, DistributedApplicationOptions options, UserSecretsStore secrets,
    DistributedApplicationExecutionContext execution, AppHostAssembly appHost, IServiceProvider provider,
    ILogger<DistributedApplication> logger) : IHostedService
{
    /// <summary>The header that carries the key.</summary>
    public const string KeyHeader = "x-resource-service-api-key";

    private const string KeyName = "AppHost:ResourceService:ApiKey";

    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    private WebApplication? _server;

    /// <summary>Where it is; null while it is not up.</summary>
    public string? Url { get; private set; }

    /// <summary>What callers have to send.</summary>
    public string Key => secrets.GetOrAdd(KeyName, () => RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>The name that a dashboard shows.</summary>
    public string ApplicationName => options.DashboardApplicationName ?? appHost.Name;

    private bool IsWanted => !options.DisableDashboard && execution.IsRunMode
        && (configuration[DashboardVariables.FrontEnd] is { Length: > 0 } || configuration[DashboardVariables.ResourceService] is { Length: > 0 });

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return;
        }

        var port = Port();
        try
        {
            await ListenAsync(port, cancellationToken);
        }
        catch (IOException exception) when (port != 0)
        {
            logger.LogWarning("Port {Port} for the resource service cannot be had ({Reason}): another one is taken instead.", port, exception.Message);
            await ListenAsync(0, cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            // Watches end with the application: whoever still reads is cut off after this.
            using var limit = new CancellationTokenSource(s_stopLimit);
            await _server.StopAsync(limit.Token);
            await _server.DisposeAsync();
        }
    }

    private async Task ListenAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new ResourceServiceImplementation(
            ApplicationName,
            provider.GetRequiredService<ResourceNotificationService>(),
            provider.GetRequiredService<ResourceLoggerService>(),
            provider.GetRequiredService<ResourceCommandService>(),
            provider.GetRequiredService<IHostApplicationLifetime>()));
        var server = builder.Build();
        var key = Encoding.UTF8.GetBytes(Key);
        server.Use((context, next) =>
        {
            var shown = Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString());
            if (CryptographicOperations.FixedTimeEquals(shown, key))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        server.MapGrpcService<ResourceServiceImplementation>();
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        _server = server;
        var address = new Uri(server.Urls.First());
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{address.Port}");
    }

    private int Port()
    {
        var text = configuration[DashboardVariables.ResourceService];
        return string.IsNullOrEmpty(text) ? 0
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.IsLoopback ? url.Port
            : throw new DistributedApplicationException(
                $"{DashboardVariables.ResourceService} is '{text}': expected an address of this machine such as http://localhost:20000");
    }
}
