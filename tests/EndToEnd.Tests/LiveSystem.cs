using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.Cli;
using O1Coder.Cli.Telemetry;

namespace O1Coder.EndToEnd.Tests;

/// <summary>The whole system, started once for the tests that only use it: the AppHost runs in this process.</summary>
public sealed class LiveSystem : IAsyncLifetime
{
    /// <summary>The collection of the tests that share it.</summary>
    public const string Collection = "live system";

    private const string Dashboard = "aspire-dashboard";
    private const string TokenVariable = "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN";
    private const string KeyName = "AppHost:OtlpApiKey";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _application;
    private Task<(int ExitCode, string Result)>? _firstSolve;

    /// <summary>Whether the dashboard that the AppHost starts is the one of this repository, rather than that of the official packages.</summary>
    public static bool HasOwnDashboard { get; } = typeof(Projects.AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(one => one.Key == "aspiredashboardpath" && one.Value?.EndsWith("O1Coder.Hosting.Dashboard.dll", StringComparison.Ordinal) == true);

    /// <summary>What a browser shows to see the dashboard.</summary>
    public string BrowserToken => Setting(TokenVariable);

    /// <summary>The dashboard's pages.</summary>
    public Uri DashboardAddress => Application.GetEndpoint(Dashboard, "http");

    /// <summary>The application.</summary>
    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The system has not started.");

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--port", "7410"],
            (options, settings) =>
            {
                options.EnableResourceLogging = false;
                options.DisableDashboard = !HasOwnDashboard;
                settings.Configuration ??= new ConfigurationManager();
                settings.Configuration.AddInMemoryCollection(
                [
                    new("O1CODER_RUNS", Path.Combine(_folder.FullName, "runs")),
                    new(TokenVariable, RandomNumberGenerator.GetHexString(32, lowercase: true)),
                    new(KeyName, RandomNumberGenerator.GetHexString(32, lowercase: true)),
                ]);
            },
            token);
        _builder.Services.AddLogging(logging => logging.ClearProviders());
        _application = await _builder.BuildAsync(token);
        await _application.StartAsync(token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("coordinator", WaitBehavior.StopOnResourceUnavailable, token)
            .WaitAsync(s_startLimit, token);
    }

    /// <summary>One search, the first time that it is asked for; its exit code and the JSON that it wrote.</summary>
    public Task<(int ExitCode, string Result)> SolveOnceAsync(CancellationToken cancellationToken) => _firstSolve ??= SolveAsync(cancellationToken);

    /// <summary>A short search, always the same, of which nothing is known: what Redis and the coordinator's own memory held is gone.</summary>
    public async Task<(int ExitCode, string Result)> SolveAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in new[] { "redis", "coordinator" })
        {
            var emptied = await Application.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.RestartCommand, cancellationToken);
            Assert.True(emptied.Success, emptied.Message);
            await Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
        }

        var (exitCode, result) = await RunAsync(cancellationToken, "solve", Built.Problem("exact-payment"), "--rollouts", "2", "--seed", "7");
        using (result)
        {
            return (exitCode, result.RootElement.GetRawText());
        }
    }

    /// <summary>Runs a command of the command line on the system.</summary>
    /// <returns>The exit code and the JSON that it wrote.</returns>
    public async Task<(int ExitCode, JsonDocument Result)> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = output, Error = errors, WorkingDirectory = Repository.Root };
        var command = Invocation.Prepare([.. arguments, "--json"], terminal);
        Assert.True(command.ExitCode is null, $"{output}{errors}");
        var collector = HasOwnDashboard ? new TelemetryTarget(Application.GetEndpoint(Dashboard, "otlp-grpc"), Setting(KeyName)) : null;
        var exitCode = await command.RunAsync(Application.GetEndpoint("coordinator"), cancellationToken, collector);
        return (exitCode, JsonDocument.Parse(output.ToString()));
    }

    // The environment and the user's secrets come before what the tests set.
    private string Setting(string name) => _builder?.Configuration[name] ?? throw new InvalidOperationException("The system has not started.");

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
