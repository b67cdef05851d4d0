using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.Cli;

namespace O1Coder.EndToEnd.Tests;

/// <summary>The whole system, started once for the tests that only use it: the AppHost runs in this process.</summary>
public sealed class LiveSystem : IAsyncLifetime
{
    /// <summary>The collection of the tests that share it.</summary>
    public const string Collection = "live system";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _application;

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
                settings.Configuration ??= new ConfigurationManager();
                settings.Configuration.AddInMemoryCollection([new("O1CODER_RUNS", Path.Combine(_folder.FullName, "runs"))]);
            },
            token);
        _builder.Services.AddLogging(logging => logging.ClearProviders());
        _application = await _builder.BuildAsync(token);
        await _application.StartAsync(token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("coordinator", WaitBehavior.StopOnResourceUnavailable, token)
            .WaitAsync(s_startLimit, token);
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
        var exitCode = await command.RunAsync(Application.GetEndpoint("coordinator"), cancellationToken);
        return (exitCode, JsonDocument.Parse(output.ToString()));
    }

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
