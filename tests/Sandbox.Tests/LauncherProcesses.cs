using O1Coder.Sandbox.Verification;

namespace O1Coder.Sandbox.Tests;

/// <summary>Looks at the processes below a launcher.</summary>
internal static class LauncherProcesses
{
    /// <summary>
    /// Processes that run a program, and those that it forked: in a box, and not by the name of those that wait for one.
    /// </summary>
    public static IReadOnlyList<int> Programs(int launcher) =>
        [.. ProcessTree.Below(launcher).Where(process => Read(process, "cmdline").Contains("/harness.pyc", StringComparison.Ordinal)
            && NamespaceDepth(process) > 1 && !Read(process, "comm").StartsWith("o1-", StringComparison.Ordinal))];

    /// <summary>The processes that programs are forked from.</summary>
    public static IReadOnlyList<int> Zygotes(int launcher) =>
        [.. Children(launcher).SelectMany(Children).Where(process => Read(process, "comm").StartsWith("o1-zygote", StringComparison.Ordinal)
            && NamespaceDepth(process) == 1)];

    /// <summary>Supervisors of a launcher for so many runs at once.</summary>
    public static int Supervisors(int runs) => runs + Math.Min(runs, 8);

    /// <summary>Waits until programs run below the launcher, or none do; returns whether it came to that.</summary>
    public static bool WaitFor(int launcher, bool running, double seconds = 10) =>
        SpinWait.SpinUntil(() => Programs(launcher).Count > 0 == running, TimeSpan.FromSeconds(seconds));

    /// <summary>A process's children; of a launcher: supervisors.</summary>
    public static IReadOnlyList<int> Children(int process) => ProcessTree.Children(process);

    /// <summary>Sends a signal, for example "STOP".</summary>
    public static void Signal(string signal, params int[] processes)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", .. processes.Select(process => $"{process}")]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Whether a process has ended; its entry may stay until whoever inherited it takes note.</summary>
    public static bool IsDead(int process) => ProcessTree.HasEnded(process);

    private static int NamespaceDepth(int process) => Read(process, "status").Split('\n')
        .FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal), "").Split('\t').Length - 1;

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return ""; // it ended in between
        }
    }
}
