using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>A Sandbox that this benchmark started, over gRPC.</summary>
internal sealed class SandboxServer : IDisposable
{
    private readonly ChildProcess _process;
    private readonly GrpcChannel _channel;
    private readonly SandboxService.SandboxServiceClient _client;

    private SandboxServer(ChildProcess process, GrpcChannel channel) =>
        (_process, _channel, _client) = (process, channel, new SandboxService.SandboxServiceClient(channel));

    /// <summary>The interpreter's real path and version.</summary>
    public string Python { get; private set; } = "";

    /// <summary>What holds memory and processes.</summary>
    public string Limiter { get; private set; } = "";

    /// <summary>Runs at once.</summary>
    public int Concurrency { get; private set; }

    /// <summary>The service's process number.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public static async Task<SandboxServer> Start(int concurrency, string python, CancellationToken cancellationToken)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var process = ChildProcess.Start(Program, [$"--Sandbox:Concurrency={concurrency}", $"--Sandbox:Python={python}"],
            new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = address, ["O1CODER_HEALTH_PORT"] = null });
        var server = new SandboxServer(process, GrpcChannel.ForAddress(address));
        try
        {
            await process.Until(server.IsReady, cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program against one test.</summary>
    public async Task<ExecuteResponse> Execute(string program, string input, string expected, CancellationToken cancellationToken) =>
        await _client.ExecuteAsync(new ExecuteRequest
        {
            Language = Language.Python,
            Program = program,
            Tests = { new TestCase { Stdio = new StdioTest { Stdin = input, Stdout = expected } } },
        }, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    // Built with the benchmarks, in the same configuration.
    private static string Program
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "services", "Sandbox", "bin", framework.Parent!.Name, framework.Name, "O1Coder.Sandbox");
        }
    }

    private async Task<bool> IsReady()
    {
        try
        {
            var capabilities = await _client.GetCapabilitiesAsync(new GetCapabilitiesRequest());
            (Python, Limiter, Concurrency) = (capabilities.Python, capabilities.Limiter, capabilities.Concurrency);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
