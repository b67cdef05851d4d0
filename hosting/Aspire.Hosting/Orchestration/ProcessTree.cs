using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds all processes that belong to a resource, wherever they went.</summary>
internal static class ProcessTree
{
    /// <summary>A process; the start time tells it from a later one with the same id.</summary>
    public readonly record struct Member(int Pid, ulong StartTime);

    /// <summary>
    /// The processes with the marker in their environment, which a child inherits even where it left the session or was
    /// orphaned, and the descendants and session of <paramref name="root"/>, which may have cleared their environment.
    /// </summary>
    /// <param name="marker">The variable, as <c>NAME=value</c>.</param>
    /// <param name="root">The resource's first process, while it lives; null when it has ended.</param>
    public static HashSet<Member> Find(string marker, int? root)
    {
        var all = Snapshot();
        var found = all.Where(entry => HasMarker(entry.Pid, marker)).Select(entry => entry.Pid).ToHashSet();
        if (root is { } pid)
        {
            found.Add(pid);
            found.UnionWith(all.Where(entry => entry.Session == pid).Select(entry => entry.Pid));
        }

        // Children of members, until there are no more.
        int before;
        do
        {
            before = found.Count;
            found.UnionWith(all.Where(entry => found.Contains(entry.Parent)).Select(entry => entry.Pid));
        }
        while (found.Count > before);

        return [.. all.Where(entry => found.Contains(entry.Pid)).Select(entry => new Member(entry.Pid, entry.StartTime))];
    }

    /// <summary>Whether the process still runs; one that has ended and waits for its parent does not.</summary>
    public static bool IsAlive(Member member) => Read(member.Pid) is { } entry && entry.StartTime == member.StartTime;

    private static List<Entry> Snapshot() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(Read)
            .OfType<Entry>()];

    // /proc/PID/stat: "PID (name, any characters) S PPID PGRP SESSION …", start time in field 22.
    private static Entry? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new Entry(pid, Number(fields[1]), Number(fields[3]), ulong.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // It ended meanwhile.
        }

        static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
    }

    private static bool HasMarker(int pid, string marker)
    {
        try
        {
            var environment = File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"));
            return environment.AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker)) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // It ended meanwhile, or belongs to somebody else and so not to us.
        }
    }

    private sealed record Entry(int Pid, int Parent, int Session, ulong StartTime);
}
