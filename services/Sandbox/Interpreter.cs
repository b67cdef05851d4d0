using System.ComponentModel;
using System.Diagnostics;

namespace O1Coder.Sandbox;

/// <summary>Finds the real Python interpreter: what is on PATH may be a shim that asks a version manager.</summary>
internal static class Interpreter
{
    private const string Question =
        "import os, sys; print(os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable), *sys.version_info[:2])";

    private static readonly string[] s_usual = ["python3", "/usr/bin/python3", "/usr/local/bin/python3"];

    /// <summary>Asks <paramref name="wanted"/>, or the usual places in turn, and returns the real interpreter's path.</summary>
    /// <exception cref="SandboxUnavailableException">None answers, or none is of version 3.8 or later.</exception>
    public static async Task<string> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        foreach (var candidate in wanted.Length > 0 ? [wanted] : s_usual)
        {
            var answer = (await AskAsync(candidate, cancellationToken)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (answer.Length == 3 && answer[1] == "3" && int.TryParse(answer[2], out var minor) && minor >= 8 && File.Exists(answer[0]))
            {
                return answer[0];
            }
        }

        throw new SandboxUnavailableException(
            $"no Python 3.8 or later answers as {(wanted.Length > 0 ? wanted : string.Join(" or ", s_usual))}, do install python3 or name it with --Sandbox:Python");
    }

    private static async Task<string> AskAsync(string candidate, CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo(candidate, ["-I", "-S", "-c", Question])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadLineAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return said ?? "";
        }
        catch (Win32Exception)
        {
            return ""; // no such file, or not executable: the next candidate may do
        }
    }
}
