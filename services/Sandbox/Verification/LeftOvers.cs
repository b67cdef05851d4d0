using System.Globalization;

namespace O1Coder.Sandbox.Verification;

/// <summary>
/// Looks for what a run should have taken with it: processes, mounts, groups of the limiter, files of the launcher's
/// folder and of the host's shared memory. What stands ready for the next run is there before the first one already, so
/// it is a matter of what is more.
/// </summary>
internal sealed class LeftOvers
{
    private static readonly string[] s_controllers = ["memory", "pids", "cpuacct", "unified", ""];
    private static readonly string[] s_shared = ["/dev/shm", "/dev/mqueue"];
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_readyLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private readonly Launcher _launcher;
    private readonly HashSet<string> _mounts = [.. Mounts()];
    private readonly HashSet<string> _shared = [.. Shared()];
    private readonly HashSet<string> _files;
    private readonly int _processes;
    private readonly int _groups;

    private LeftOvers(Launcher launcher, int processes, int groups)
    {
        _launcher = launcher;
        _files = [.. Files()];
        (_processes, _groups) = (processes, groups);
    }

    /// <summary>Takes note of what is there before the first run, once every supervisor has its box ready and nothing more comes.</summary>
    public static async Task<LeftOvers> BeforeAsync(Launcher launcher, CancellationToken cancellationToken)
    {
        var (seen, since, until) = ((Processes: 0, Groups: 0), DateTime.UtcNow, DateTime.UtcNow + s_readyLimit);
        while (DateTime.UtcNow - since < TimeSpan.FromSeconds(1))
        {
            var now = (ProcessTree.Below(launcher.ProcessId).Count, Groups(launcher).Count);

            // Boxes that cannot be made are for the runs to tell.
            var isReady = StandReady(launcher) || DateTime.UtcNow > until;
            (seen, since) = now == seen && isReady ? (seen, since) : (now, DateTime.UtcNow);
            await Task.Delay(s_pause, cancellationToken);
        }

        return new LeftOvers(launcher, seen.Processes, seen.Groups);
    }

    /// <summary>
    /// What is there that was not. A box ends just after its answer, so what is there is looked at again until it is gone
    /// or five seconds are over.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var until = DateTime.UtcNow + s_grace;
        while (true)
        {
            IReadOnlyList<string> found = [.. More("processes", ProcessTree.Below(_launcher.ProcessId), _processes, ProcessTree.Describe),
                .. More("groups", Groups(_launcher), _groups, group => group), .. Files().Except(_files).Select(file => $"file {file}"),
                .. Mounts().Except(_mounts).Select(mount => $"mount {mount}"), .. Shared().Except(_shared).Select(file => $"file {file}")];
            if (found.Count == 0 || DateTime.UtcNow > until)
            {
                return found;
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }

    // The second process of a box is the last that is made of it.
    private static bool StandReady(Launcher launcher) =>
        ProcessTree.Children(launcher.ProcessId) is { Count: > 0 } supervisors
        && supervisors.All(supervisor => ProcessTree.Below(supervisor).Any(process => ProcessTree.NumberInside(process) == 2));

    private static IEnumerable<string> More<T>(string what, IReadOnlyList<T> now, int before, Func<T, string> show) => now.Count > before
        ? [string.Create(CultureInfo.InvariantCulture, $"{now.Count} {what} where {before} were, the last {show(now[^1])}")]
        : [];

    private static IReadOnlyList<string> Groups(Launcher launcher)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true };
        return [.. s_controllers.Select(name => Path.Combine("/sys/fs/cgroup", name)).Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root, $"o1coder-sandbox-{launcher.Report.Owner}", options).ToList())
            .SelectMany(group => Directory.EnumerateDirectories(group)).Distinct()];
    }

    private IEnumerable<string> Files() => Directory.EnumerateFileSystemEntries(_launcher.Folder, "*", SearchOption.AllDirectories);

    private static string[] Mounts() => File.ReadAllLines("/proc/self/mounts");

    private static IEnumerable<string> Shared() => s_shared.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries);
}
