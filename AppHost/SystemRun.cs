using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using O1Coder.Cli;
using O1Coder.Cli.Telemetry;

namespace O1Coder.AppHost;

/// <summary>One run of the system: up until Ctrl+C, or for one command.</summary>
/// <param name="builder">The system.</param>
/// <param name="coordinator">Where the coordinator answers.</param>
/// <param name="openAi">Where Policy answers OpenAI's clients, if a port was asked for.</param>
/// <param name="settings">What was chosen.</param>
internal sealed class SystemRun(
    IDistributedApplicationBuilder builder, EndpointReference coordinator, EndpointReference openAi, SystemSettings settings)
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    /// <summary>Tells of bad input.</summary>
    /// <returns>The exit code for it.</returns>
    public static int Refuse(string reason)
    {
        Console.Error.WriteLine($"o1coder: {reason.ReplaceLineEndings(" ")}");
        return ExitCodes.BadInput;
    }

    /// <summary>Writes how the system is deployed, as the command line's <c>--publisher</c> and <c>--output-path</c> say.</summary>
    /// <returns>The exit code.</returns>
    public static int Publish(IDistributedApplicationBuilder builder)
    {
        try
        {
            builder.Build().Run();
            return ExitCodes.Solved;
        }
        catch (DistributedApplicationException exception)
        {
            return Refuse(exception.Message);
        }
    }

    /// <summary>Starts the system and keeps it up until Ctrl+C, with the services' logs on the console.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> KeepUpAsync() => RunAsync(async (app, stopping) =>
    {
        var url = coordinator.Url;
        Console.WriteLine($"O1Coder is up: coordinator {url}; the model is {settings.Model}" +
            (settings.Remote.Length > 0 ? $", run by {settings.Remote}" : ""));
        if (settings.OpenAiPort is not null)
        {
            Console.WriteLine($"  for OpenAI clients: {openAi.Url}/v1");
        }

        Console.WriteLine($"  in another terminal: dotnet run --project cli -- solve FILE --coordinator {url}");
        Console.WriteLine("  Ctrl+C stops it");
        await app.WaitForShutdownAsync(CancellationToken.None);
        return ExitCodes.Solved;
    });

    /// <summary>Starts the system, runs a command on it and stops it; the services' logs go to files.</summary>
    /// <param name="command">The command.</param>
    /// <param name="dashboard">Whether a dashboard was asked for.</param>
    /// <returns>The command's exit code.</returns>
    public Task<int> RunCommandAsync(Invocation command, bool dashboard)
    {
        // The screen is the command's; where a dashboard was asked for, the word of where it is comes on standard error.
        builder.Services.AddLogging(logging =>
        {
            logging.ClearProviders();
            if (dashboard)
            {
                logging.AddFilter((category, level) => category == typeof(DistributedApplication).FullName && level >= LogLevel.Information);
                logging.AddSimpleConsole(console => console.SingleLine = true);
                builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            }
        });
        return RunAsync(async (app, stopping) => await command.RunAsync(new Uri(coordinator.Url), stopping, dashboard ? Collector() : null));
    }

    /// <summary>Where the dashboard takes telemetry: the services are told by the application, the command runs in this process.</summary>
    private TelemetryTarget? Collector() => builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } address
        ? new TelemetryTarget(new Uri(address), builder.Configuration["AppHost:OtlpApiKey"] ?? "")
        : null;

    private async Task<int> RunAsync(Func<DistributedApplication, CancellationToken, Task<int>> whenUp)
    {
        var names = builder.Resources.Where(resource => resource is not ParameterResource).Select(resource => resource.Name).ToArray();
        await using var app = builder.Build();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await using var logs = ResourceLogFiles.Begin(app, settings.RunDirectory, names);
        try
        {
            return await StartAsync(app, names, stopping) is { } failure ? Refuse(failure) : await whenUp(app, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts the system and waits until the coordinator, and so all that it needs, is healthy.</summary>
    /// <returns>Null, or why that failed in one line.</returns>
    private async Task<string?> StartAsync(DistributedApplication app, string[] names, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var status = new StartingLine(names, wanted: settings.Port is null);
        var watch = new StartWatch(app, names, status.Update);
        var failure = watch.FirstFailureAsync(ending.Token);
        try
        {
            await app.StartAsync(stopping);
            var healthy = app.ResourceNotifications.WaitForResourceHealthyAsync(
                "coordinator", WaitBehavior.WaitOnResourceUnavailable, ending.Token);
            var first = await Task.WhenAny(healthy, failure).WaitAsync(s_startLimit, stopping);
            return first == failure ? await failure : await ReachedAsync(healthy);
        }
        catch (TimeoutException)
        {
            return $"the system was not up after {s_startLimit.TotalMinutes} minutes: {watch.Describe()}";
        }
        catch (DistributedApplicationException exception)
        {
            return exception.Message;
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private static async Task<string?> ReachedAsync(Task healthy)
    {
        await healthy;
        return null;
    }
}
