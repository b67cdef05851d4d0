using System.Diagnostics;
using System.Globalization;

namespace O1Coder.Benchmarks;

/// <summary>A process that trains a step for each line that it is sent, and answers with the step's seconds.</summary>
internal sealed class TrainWorker : IDisposable
{
    private readonly Process _process;

    private TrainWorker(ProcessStartInfo start, string? firstLine)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        if (firstLine is not null)
        {
            _process.StandardInput.WriteLine(firstLine);
            _process.StandardInput.Flush();
        }

        Greeting = ReadLine();
    }

    /// <summary>What it said first.</summary>
    public string Greeting { get; }

    /// <summary>The largest resident memory so far.</summary>
    public long PeakBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Starts this program again.</summary>
    public static TrainWorker StartSelf(string[] arguments, int threads) => new(
        Info(Environment.ProcessPath!, [.. IsHost ? [typeof(TrainWorker).Assembly.Location] : Array.Empty<string>(), .. arguments], threads), null);

    /// <summary>Starts the PyTorch script.</summary>
    public static TrainWorker StartPython(string python, string script, string shape, int threads, string core)
    {
        var info = Info(python, [script], threads);
        if (core.Length > 0)
        {
            info.Environment["OPENBLAS_CORETYPE"] = core;
        }

        return new(info, shape);
    }

    /// <summary>Whether a Python can run a line.</summary>
    public static bool Answers(string python, string code)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", code]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Trains a step.</summary>
    public StepCost Step()
    {
        _process.Refresh();
        var before = _process.TotalProcessorTime;
        _process.StandardInput.WriteLine("step");
        _process.StandardInput.Flush();
        var seconds = double.Parse(ReadLine(), CultureInfo.InvariantCulture);
        _process.Refresh();
        return new(seconds, (_process.TotalProcessorTime - before).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    // `dotnet run` starts the program's own executable, `dotnet Benchmarks.dll` the host.
    private static bool IsHost => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";

    private static ProcessStartInfo Info(string program, IEnumerable<string> arguments, int threads)
    {
        var info = new ProcessStartInfo(program, arguments);
        info.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        info.Environment["OPENBLAS_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        return info;
    }

    private string ReadLine() => _process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: its messages stand above");
}
