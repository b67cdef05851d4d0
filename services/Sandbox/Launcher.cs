using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace O1Coder.Sandbox;

/// <summary>
/// The one launcher process: .NET cannot fork, so a small Python program does, and it forks a supervisor for every
/// connection to its socket. It ends when its standard input does, which happens however this service ends.
/// </summary>
internal sealed class Launcher(IOptions<SandboxOptions> options, ILogger<Launcher> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private RunFolder? _folder;
    private Process? _process;
    private long _answered;

    /// <summary>What the launcher said of this machine.</summary>
    /// <exception cref="InvalidOperationException">It was never started.</exception>
    public LauncherReport Report { get => field ?? throw new InvalidOperationException("the launcher was not started"); private set; }

    /// <summary>The launcher's process number.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The run folder.</summary>
    public string Folder => _folder!.Path;

    /// <summary>Starts the launcher, or again after it died, and returns its socket.</summary>
    /// <exception cref="SandboxUnavailableException">Programs cannot be isolated here.</exception>
    public async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false } && _folder is { } running)
        {
            return running.Socket;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_process is null or { HasExited: true })
            {
                await StopAsync();
                try
                {
                    // For all who wait, not for this request alone: its end must not end a start half-way.
                    await StartProcessAsync(CancellationToken.None);
                }
                catch
                {
                    await StopAsync();
                    throw;
                }
            }

            return _folder!.Socket;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>How long ago a box last answered; a day where none has.</summary>
    public TimeSpan SinceAnswer => Volatile.Read(ref _answered) is var at and not 0 ? Stopwatch.GetElapsedTime(at) : TimeSpan.FromDays(1);

    /// <summary>A box answered.</summary>
    public void NoteAnswer() => Volatile.Write(ref _answered, Stopwatch.GetTimestamp());

    /// <summary>
    /// Connects to the launcher: one connection is one box. A launcher that died a moment ago, of which the service has
    /// not heard yet, is waited for and started again, since nothing was asked of it.
    /// </summary>
    /// <exception cref="SandboxUnavailableException">Programs cannot be isolated here.</exception>
    /// <exception cref="IOException">The launcher runs but takes no connection.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var path = await StartAsync(cancellationToken);
        var process = _process;
        try
        {
            return await ConnectAsync(path, cancellationToken);
        }
        catch (SocketException exception)
        {
            if (!await EndsAsync(process, cancellationToken))
            {
                throw new IOException($"the launcher does not answer: {exception.Message}", exception);
            }
        }

        path = await StartAsync(cancellationToken);
        try
        {
            return await ConnectAsync(path, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new IOException($"the launcher does not answer: {exception.Message}", exception);
        }
    }

    private static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<bool> EndsAsync(Process? process, CancellationToken cancellationToken)
    {
        try
        {
            await (process?.WaitForExitAsync(cancellationToken) ?? Task.CompletedTask).WaitAsync(s_endLimit, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Another request saw the end first and has disposed of the process.
            return true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _gate.Dispose();
    }

    private async Task StartProcessAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SandboxUnavailableException("programs can be isolated on Linux alone, do run this service there");
        }

        var python = await Interpreter.FindAsync(options.Value.Python, cancellationToken);
        _folder = RunFolder.Create(options.Value.RunFolder);
        var start = new ProcessStartInfo(python,
            ["-I", "-S", "-B", _folder.Launcher, _folder.Path, options.Value.Limiter, $"{options.Value.Concurrency}",
                $"{options.Value.DiskBytes}", $"{options.Value.DiskFiles}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => LogLine(line.Data);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_startLimit);
        var said = await _process.StandardOutput.ReadLineAsync(limit.Token);
        if (said is null)
        {
            var reason = (await _process.StandardError.ReadToEndAsync(limit.Token)).Trim().Split('\n')[^1];
            throw new SandboxUnavailableException($"the launcher did not start ({reason}), do check {python} and the limiter's name");
        }

        _process.BeginErrorReadLine();
        Report = JsonSerializer.Deserialize<LauncherReport>(said, LauncherJson.Options)!;
        if (Report.Error is { } error)
        {
            throw new SandboxUnavailableException(
                $"programs cannot be isolated on this machine ({error}), do allow user namespaces "
                + "(sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)");
        }

        logger.LogInformation("Python {Version} at {Python}, limiter {Limiter}, {Swept} left-over groups removed",
            Report.Version, Report.Python, Report.Limiter, Report.Swept.ToString(CultureInfo.InvariantCulture));
    }

    private void LogLine(string? line)
    {
        if (line is not null)
        {
            logger.LogWarning("launcher: {Line}", line);
        }
    }

    private async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Its supervisors die with it, and their boxes with them.
                process.Kill();
            }

            process.Dispose();
            _process = null;
        }

        _folder?.Dispose();
        _folder = null;
    }
}
