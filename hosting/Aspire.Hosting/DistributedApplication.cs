using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>An application of several resources that are started, watched and stopped together.</summary>
/// <example>
/// <code>
/// var builder = DistributedApplication.CreateBuilder(args);
/// var redis = builder.AddRedis("redis");
/// builder.AddProject&lt;Projects.Api>("api").WithHttpEndpoint().WithReference(redis).WaitFor(redis);
/// builder.Build().Run();
/// </code>
/// </example>
/// <param name="host">The host that carries the services.</param>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>The states of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Runs commands on resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>A builder without command line.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>A builder with a command line: <c>--key value</c> becomes configuration.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>A builder with options.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new DistributedApplicationBuilder(options);
    }

    /// <summary>Starts the application and waits until it is told to stop.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Starts the application, waits until it is told to stop (Ctrl+C, SIGTERM, or the token) and stops it.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be started: a port in use, a missing parameter.</exception>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>
    /// Gives every endpoint its port and begins to start the resources; they come up in the order of their waits.
    /// </summary>
    /// <exception cref="DistributedApplicationException">It cannot be started: a port in use, a missing parameter.</exception>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
        {
            await host.StartAsync(cancellationToken);
            return;
        }

        var logger = Services.GetRequiredService<ILogger<DistributedApplication>>();
        var version = typeof(DistributedApplication).Assembly.GetName().Version?.ToString(3);
        logger.LogInformation("Aspire AppHost version: {Version} (the subset of this repository)", version);
        logger.LogInformation("Distributed application starting.");
        logger.LogInformation("Application host directory is: {Directory}",
            Services.GetRequiredService<IHostEnvironment>().ContentRootPath);
        await host.StartAsync(cancellationToken);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    /// <summary>Stops every resource with all its processes, dependents before their dependencies.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <summary>Releases the application; see <see cref="DisposeAsync"/>.</summary>
    public virtual void Dispose()
    {
        host.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the application. What still runs is stopped.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
