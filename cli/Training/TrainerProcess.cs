using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace O1Coder.Cli.Training;

/// <summary>
/// Runs the Trainer's own command line as a process: libtorch takes half a gigabyte, which the command line does not load.
/// </summary>
internal static class TrainerProcess
{
    /// <summary>Runs it to its end; what it prints goes through as it comes.</summary>
    /// <returns>Its exit code; <see cref="ExitCodes.Cancelled"/> after Ctrl+C or SIGTERM.</returns>
    /// <exception cref="BadInputException">It is not there or cannot be started.</exception>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var program = typeof(TrainerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(data => data.Key == "Trainer")?.Value;
        if (program is null || !File.Exists(program))
        {
            throw new BadInputException($"the Trainer is not at {program}; build it with: dotnet build services/Trainer");
        }

        using var process = new Process { StartInfo = Start(Path.GetFullPath(program), arguments) };
        process.OutputDataReceived += (_, line) => Write(terminal.Out, line.Data);
        process.ErrorDataReceived += (_, line) => Write(terminal.Error, line.Data);
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
        process.WaitForExit();
        return Volatile.Read(ref stopped) ? ExitCodes.Cancelled : process.ExitCode;

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

    private static ProcessStartInfo Start(string program, IReadOnlyList<string> arguments)
    {
        // The dotnet that runs this process: DOTNET/shared/Microsoft.NETCore.App/VERSION/ is where its runtime lies.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(File.Exists(dotnet) ? dotnet : "dotnet")
        {
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
