using Microsoft.Extensions.DependencyInjection;
using O1Coder.Sandbox.Tests;

namespace O1Coder.Hostile.Tests;

/// <summary>Looks for what a run should have taken with it.</summary>
internal static class LeftOvers
{
    private static readonly string[] s_controllers = ["memory", "pids", "cpuacct", "unified", ""];

    /// <summary>Programs below the launcher, supervisors and groups beyond those of the boxes that stand ready, and files.</summary>
    public static IReadOnlyList<string> Find(SandboxHost host, int runs)
    {
        var ready = LauncherProcesses.Supervisors(runs);
        var launcher = host.Services.GetRequiredService<Sandbox.Launcher>();
        // A supervisor answers before it has quite ended; it holds nothing any more.
        SpinWait.SpinUntil(() => LauncherProcesses.Children(launcher.ProcessId).Count <= ready, TimeSpan.FromSeconds(2));
        var supervisors = LauncherProcesses.Children(launcher.ProcessId);
        var extra = s_controllers.Select(name => Path.Combine("/sys/fs/cgroup", name)).Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root, $"o1coder-sandbox-{launcher.Report.Owner}", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true }))
            .SelectMany(group => Directory.EnumerateDirectories(group))
            .Where(group => !supervisors.Contains(int.Parse(Path.GetFileName(group)["job-".Length..])));
        var files = Directory.EnumerateFileSystemEntries(launcher.Folder)
            .Where(path => Path.GetExtension(path) is not (".py" or ".socket"));
        return
        [
            .. LauncherProcesses.Programs(launcher.ProcessId).Select(program => $"program {program}"),
            .. supervisors.Skip(ready).Select(supervisor => $"supervisor {supervisor}"), .. extra, .. files,
        ];
    }
}
