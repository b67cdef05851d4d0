using System.Diagnostics;
using System.Net.Sockets;

namespace O1Coder.Coordinator.Tests;

/// <summary>A real redis-server that keeps nothing on disk.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private Process _process;

    private RedisProcess(int port)
    {
        Port = port;
        _process = Begin(port);
    }

    /// <summary>Where it listens on the loopback address.</summary>
    public int Port { get; }

    /// <summary>How a client finds it.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Whether this machine has one.</summary>
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<RedisProcess> StartAsync()
    {
        var redis = new RedisProcess(FreePort.Find());
        await redis.AnswersAsync();
        return redis;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Stops it as it stands (SIGSTOP): connections stay open and nothing answers.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task GoOnAsync() => SignalAsync("-CONT");

    /// <summary>Starts it again, empty.</summary>
    public async Task RestartAsync()
    {
        Kill();
        _process.Dispose();
        _process = Begin(Port);
        await AnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static Process Begin(int port)
    {
        // Garnet speaks the protocol too: the tool of the repository's manifest, which the AppHost falls back on as well.
        var start = IsInstalled
            ? new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()])
            : new ProcessStartInfo("bash", ["-c", $"dotnet tool restore >&2 && exec dotnet tool run garnet-server -- --port {port} --bind 127.0.0.1 --memory 64m --index 16m --lua -q"]);
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = Root();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    // Where the tool manifest is.
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Parent is not null && !File.Exists(Path.Combine(folder.FullName, ".config", "dotnet-tools.json")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private async Task AnswersAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", Port, patience.Token);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
