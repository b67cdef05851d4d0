using System.Diagnostics;
using System.Net.Sockets;

namespace O1Coder.Coordinator.Tests;

/// <summary>A real redis-server of its own, in memory.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;

    private RedisProcess(Process process, int port)
    {
        (_process, Port) = (process, port);
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How it is reached.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<RedisProcess> StartAsync()
    {
        var port = CoordinatorProcess.FreePort();
        var start = new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        {
            RedirectStandardOutput = true,
        };
        var redis = new RedisProcess(Process.Start(start)!, port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, patience.Token);
                return redis;
            }
            catch (SocketException) when (!redis._process.HasExited)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _output;
        _process.Dispose();
    }
}
