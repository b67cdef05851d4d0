using System.ComponentModel;
using System.Diagnostics;

namespace O1Coder.Cli.Checks;

/// <summary>Runs a program for what it says about itself.</summary>
internal static class ProgramProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs it to its end, for ten seconds at most.</summary>
    /// <returns>Its exit code and what it wrote on both outputs; no exit code where it could not be run or did not end.</returns>
    public static (int? ExitCode, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!Task.WaitAll([output, error], s_patience) || !process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                return (null, $"{program} did not end within {s_patience.TotalSeconds:0} s");
            }

            return (process.ExitCode, (output.Result + error.Result).Trim());
        }
        catch (Win32Exception exception)
        {
            return (null, $"{program} cannot be run: {exception.Message}");
        }
    }
}
