using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace O1Coder.Cli.Processes;

/// <summary>
/// Runs a service's own command line as a process: what it computes with, libtorch or the engine, is not loaded here.
/// </summary>
/// <param name="name">The project's name.</param>
internal sealed class ServiceProcess(string name)
{
    /// <summary>What trains.</summary>
    public static ServiceProcess Trainer { get; } = new("Trainer");

    /// <summary>What runs untrusted programs.</summary>
    public static ServiceProcess Sandbox { get; } = new("Sandbox");

    /// <summary>What searches, and shows what a search did.</summary>
    public static ServiceProcess Coordinator { get; } = new("Coordinator");

    /// <summary>What runs the model.</summary>
    public static ServiceProcess Policy { get; } = new("Policy");

    /// <summary>The dotnet that runs this process: DOTNET/shared/Microsoft.NETCore.App/VERSION/ is where its runtime lies.</summary>
    public static string Dotnet
    {
        get
        {
            var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
            return File.Exists(dotnet) ? dotnet : "dotnet";
        }
    }

    /// <summary>What to do where it is not there.</summary>
    public string HowToBuild => $"build it with: dotnet build services/{name}";

    private string? Built => typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(data => data.Key == name)?.Value;

    /// <summary>The service's program; null where it has not been built.</summary>
    public string? Find() => File.Exists(Built) ? Path.GetFullPath(Built) : null;

    /// <summary>Runs it to its end; what it prints goes through as it comes.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="terminal">Where to print.</param>
    /// <param name="input">Its standard input; null for this process's.</param>
    /// <param name="take">Gets the lines that it prints in place of standard output.</param>
    /// <returns>Its exit code; <see cref="ExitCodes.Cancelled"/> after Ctrl+C or SIGTERM.</returns>
    /// <exception cref="BadInputException">It is not there or cannot be started.</exception>
    public int Run(IReadOnlyList<string> arguments, Terminal terminal, string? input = null, Action<string>? take = null)
    {
        var program = Find() ?? throw new BadInputException($"{name} is not at {Built}; {HowToBuild}");
        using var process = new Process { StartInfo = Start(program, arguments, input is not null) };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Write(terminal.Error, Own(line.Data));
        var stopped = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new BadInputException($"{process.StartInfo.FileName} cannot be started: {exception.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null)
        {
            Feed(process, input);
        }

        process.WaitForExit();
        return Volatile.Read(ref stopped) ? ExitCodes.Cancelled : process.ExitCode;

        void Take(string? line)
        {
            if (take is null)
            {
                Write(terminal.Out, line);
            }
            else if (line is not null)
            {
                take(line);
            }
        }

        void Stop(PosixSignalContext signal)
        {
            // A second one ends this process at once, and Ctrl+C has reached the other process as well.
            signal.Cancel = !Volatile.Read(ref stopped);
            Volatile.Write(ref stopped, true);
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It has not started, or has ended.
            }
        }
    }

    private static void Feed(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read everything: its exit code and its errors say why.
            return;
        }
    }

    private static ProcessStartInfo Start(string program, IReadOnlyList<string> arguments, bool hasInput)
    {
        var start = new ProcessStartInfo(Dotnet)
        {
            RedirectStandardInput = hasInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            ArgumentList = { program },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    // Errors begin alike, whichever process found them.
    private static string? Own(string? line) =>
        line is not null && line.StartsWith("error: ", StringComparison.Ordinal) ? $"o1coder: {line["error: ".Length..]}" : line;

    private static void Write(TextWriter writer, string? line)
    {
        if (line is not null)
        {
            lock (writer)
            {
                writer.WriteLine(Display.TerminalText.OneLine(line, trim: false));
                writer.Flush();
            }
        }
    }
}
