using System.Globalization;

namespace O1Coder.Sandbox.Verification;

/// <summary>The processes below a process, as /proc tells them.</summary>
internal static class ProcessTree
{
    /// <summary>Every process below one, but those that have ended and wait to be noted.</summary>
    public static IReadOnlyList<int> Below(int process) =>
        [.. Children(process).SelectMany(child => Below(child).Prepend(child)).Where(child => !HasEnded(child))];

    /// <summary>A process's number and command, for people.</summary>
    public static string Describe(int process)
    {
        try
        {
            return string.Create(CultureInfo.InvariantCulture, $"{process} ({File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ').Trim()})");
        }
        catch (IOException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{process} (just ended)");
        }
    }

    /// <summary>A process's children, whichever of its threads made them; none of one that has ended.</summary>
    public static IReadOnlyList<int> Children(int process)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{process}/task").Select(task => File.ReadAllText($"{task}/children"))
                .SelectMany(list => list.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, NumberStyles.None, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // it ended in between
        }
    }

    /// <summary>A process's number in the namespace that it is in; null where that is ours, or the process has ended.</summary>
    public static int? NumberInside(int process)
    {
        try
        {
            var numbers = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal), "").Split('\t')[1..];
            return numbers.Length > 1 ? int.Parse(numbers[^1], NumberStyles.None, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            return null; // it ended in between
        }
    }

    /// <summary>Whether a process has ended; its entry may stay until whoever inherited it takes note.</summary>
    public static bool HasEnded(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }
}
