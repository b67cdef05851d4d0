namespace O1Coder.Cli.Checks;

/// <summary>What holds a program's memory and number of processes: cgroups where they can be made, else rlimits.</summary>
internal sealed class LimiterCheck : ICheck
{
    private static readonly string[] s_controllers = ["memory", "pids"];

    public Finding Run(Surroundings surroundings)
    {
        try
        {
            var groups = OwnGroups(File.ReadLines("/proc/self/mounts"), File.ReadLines("/proc/self/cgroup"));
            if (groups.TryGetValue("", out var unified) && HasControllers(unified) && CanMakeGroup(unified))
            {
                return new Finding("limits", Health.Ok, "cgroup v2");
            }

            if (s_controllers.All(name => groups.TryGetValue(name, out var folder) && CanMakeGroup(folder)))
            {
                return new Finding("limits", Health.Ok, "cgroup v1");
            }
        }
        catch (IOException exception)
        {
            return Fallback($"cgroups cannot be read ({exception.Message})");
        }

        return Fallback("no cgroup can be made here");
    }

    /// <summary>This process's group folder of each controller; the empty name stands for cgroup v2.</summary>
    private static Dictionary<string, string> OwnGroups(IEnumerable<string> mounts, IEnumerable<string> memberships)
    {
        var roots = new Dictionary<string, string>();
        foreach (var words in mounts.Select(line => line.Split(' ')).Where(words => words.Length > 3))
        {
            foreach (var name in words[2] == "cgroup2" ? [""] : words[2] == "cgroup" ? words[3].Split(',') : [])
            {
                roots.TryAdd(name, words[1]);
            }
        }

        var groups = new Dictionary<string, string>();
        foreach (var parts in memberships.Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            foreach (var name in parts[1].Split(',').Where(roots.ContainsKey))
            {
                // In a container the path is the host's, and the mount shows only what is below it.
                var inside = roots[name] + parts[2].TrimEnd('/');
                groups[name] = Directory.Exists(inside) ? inside : roots[name];
            }
        }

        return groups;
    }

    private static bool HasControllers(string folder)
    {
        var file = Path.Combine(folder, "cgroup.controllers");
        return File.Exists(file) && !s_controllers.Except(File.ReadAllText(file).Split([' ', '\n'])).Any();
    }

    private static bool CanMakeGroup(string folder)
    {
        var trial = Path.Combine(folder, $"o1coder-doctor-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Finding Fallback(string why) => new("limits", Health.Warning,
        $"{why}; the sandbox falls back to rlimits, which hold a group of processes less tightly",
        "delegate the memory and pids controllers to this user (systemd: Delegate=yes)");
}
