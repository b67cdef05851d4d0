using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>Signals to processes.</summary>
internal static partial class Libc
{
    public const int SIGTERM = 15;
    public const int SIGKILL = 9;

    /// <summary>Sends a signal; 0 only asks whether there is somebody to send one to.</summary>
    /// <param name="pid">The process, or the group -pid.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>Whether there was somebody.</returns>
    public static bool Signal(int pid, int signal) => Kill(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
