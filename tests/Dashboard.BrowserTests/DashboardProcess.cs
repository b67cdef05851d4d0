using System.Collections.Concurrent;
using System.Diagnostics;

namespace O1Coder.Dashboard.BrowserTests;

/// <summary>The dashboard as the AppHost starts it: its program from bin/, in Production, from another folder.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    private const string Announcement = "Login to the dashboard at ";

    private readonly Process _process;

    private DashboardProcess(Process process) => _process = process;

    /// <summary>The login link that it printed.</summary>
    public Uri Login { get; private set; } = new("about:blank");

    /// <summary>Where it listens.</summary>
    public Uri Address => new(Login.GetLeftPart(UriPartial.Authority));

    /// <summary>Starts it and waits for its login link.</summary>
    /// <exception cref="InvalidOperationException">It ended before; what it wrote is in the message.</exception>
    public static async Task<DashboardProcess> StartAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        // The same build configuration as this test's.
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Dashboard.BrowserTests"), AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.Root, "hosting", "Dashboard", built, "O1Coder.Hosting.Dashboard.dll")])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var said = new ConcurrentQueue<string>();
        var login = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(string? line)
        {
            said.Enqueue(line ?? "");
            if (line?.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var at)
            {
                login.TrySetResult(new Uri(line[(at + Announcement.Length)..].Trim()));
            }
        }

        process.OutputDataReceived += (_, heard) => Hear(heard.Data);
        process.ErrorDataReceived += (_, heard) => Hear(heard.Data);
        process.Exited += (_, _) => login.TrySetException(new InvalidOperationException($"The dashboard ended: {string.Join('\n', said)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new DashboardProcess(process);
        try
        {
            started.Login = await login.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
