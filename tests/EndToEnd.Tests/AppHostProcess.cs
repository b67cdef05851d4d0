using System.Diagnostics;
using System.Runtime.InteropServices;

namespace O1Coder.EndToEnd.Tests;

/// <summary>One run of the AppHost as a person starts it. Disposing kills what is left of it.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const string Mark = "O1CODER_TEST_MARK";

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _outputGrew = new(0);

    // Every process that the AppHost starts inherits the mark, so that leftovers are found whatever their parent is.
    private readonly string _mark = Guid.NewGuid().ToString("N");

    private AppHostProcess(ProcessStartInfo start)
    {
        start.Environment[Mark] = _mark;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Receive(line.Data, _output, _outputEnded);
        _process.ErrorDataReceived += (_, line) => Receive(line.Data, _errors, _errorsEnded);
    }

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => Text(_errors);

    /// <summary>Starts the AppHost with arguments and, on top of this process's own, environment variables.</summary>
    public static AppHostProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A shell's background job ignores SIGINT, and so would all that it starts: a person's terminal does not.
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(Built.AppHost);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var run = new AppHostProcess(start);
        run._process.Start();
        run._process.StandardInput.Close();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Waits until a line of standard output holds a text.</summary>
    public async Task<string> WaitForOutputAsync(string text, TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        try
        {
            while (true)
            {
                lock (_output)
                {
                    if (_output.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    {
                        return found;
                    }
                }

                Assert.False(_outputEnded.Task.IsCompleted, $"It ended without '{text}'.\n{Output}\n{Errors}");
                await _outputGrew.WaitAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"No '{text}' within {within.TotalSeconds} s.\n{Output}\n{Errors}");
            throw;
        }
    }

    /// <summary>Sends what Ctrl+C sends.</summary>
    public void PressControlC() => Assert.Equal(0, Kill(_process.Id, Interrupt));

    /// <summary>Waits for its end and the end of its output; gives the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            await Task.WhenAll(_outputEnded.Task, _errorsEnded.Task).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"It did not end within {within.TotalSeconds} s.\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>Command lines of the processes that came of this run and still exist.</summary>
    public IReadOnlyList<string> FindLeftovers() => [.. Find().Select(found => found.CommandLine)];

    /// <summary>The environment of the process that came of this run and whose command line holds a text: NAME=VALUE each.</summary>
    public IReadOnlyList<string> FindEnvironment(string text) =>
        Find().First(found => found.CommandLine.Contains(text, StringComparison.Ordinal)).Environment;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _outputGrew.Dispose();
    }

    private List<(string CommandLine, string[] Environment)> Find()
    {
        var found = new List<(string CommandLine, string[] Environment)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                var environment = File.ReadAllText(Path.Combine(folder, "environ"));
                if (environment.Contains($"{Mark}={_mark}", StringComparison.Ordinal))
                {
                    found.Add((File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' '), environment.Split('\0')));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The process ended while it was looked at, or is not ours to read: then it is none of this run's.
                continue;
            }
        }

        return found;
    }

    private void Receive(string? line, List<string> lines, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
        }
        else
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }

        if (lines == _output)
        {
            _outputGrew.Release();
        }
    }

    private static string Text(List<string> lines)
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
