using System.Globalization;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>The real service on a free port, with a gRPC client. Shared by the tests that need only defaults.</summary>
public sealed class SandboxHost : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = [];
    private WebApplication? _app;
    private GrpcChannel? _channel;

    /// <summary>Makes a host with settings of the section Sandbox.</summary>
    public static async Task<SandboxHost> StartAsync(params (string Name, object Value)[] settings)
    {
        var host = new SandboxHost();
        foreach (var (name, value) in settings)
        {
            host._settings[$"Sandbox:{name}"] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        await host.InitializeAsync();
        return host;
    }

    /// <summary>The client.</summary>
    public SandboxService.SandboxServiceClient Client => new(_channel!);

    /// <summary>Where it listens.</summary>
    public string Address => _app!.Urls.Single();

    /// <summary>The service's own objects.</summary>
    public IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddSandbox();
        _app = builder.Build();
        await _app.UseSandboxAsync();
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _app!.DisposeAsync();
    }

    /// <summary>Runs a script against one test.</summary>
    public async Task<V1.TestResult> StdioAsync(string program, string input = "", string expected = "", ExecutionLimits? limits = null) =>
        (await ExecuteAsync(program, limits, new TestCase { Stdio = new StdioTest { Stdin = input, Stdout = expected } })).Results.Single();

    /// <summary>Runs a function against one assertion.</summary>
    public async Task<V1.TestResult> AssertAsync(string program, string assertion, ExecutionLimits? limits = null) =>
        (await ExecuteAsync(program, limits, new TestCase { Assertion = new AssertionTest { Code = assertion } })).Results.Single();

    /// <summary>Runs a program in a language against one test.</summary>
    public async Task<ExecuteResponse> RunAsync(Language language, string program, string input = "", string expected = "", ExecutionLimits? limits = null) =>
        await Client.ExecuteAsync(new ExecuteRequest
        {
            Language = language,
            Program = program,
            Limits = limits,
            Tests = { new TestCase { Stdio = new StdioTest { Stdin = input, Stdout = expected } } },
        }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Runs a program against tests.</summary>
    public async Task<ExecuteResponse> ExecuteAsync(string program, ExecutionLimits? limits, params TestCase[] tests) =>
        await Client.ExecuteAsync(new ExecuteRequest { Language = Language.Python, Program = program, Limits = limits, Tests = { tests } },
            cancellationToken: TestContext.Current.CancellationToken);
}
