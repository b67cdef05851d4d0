using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace O1Coder.Sandbox;

/// <summary>
/// A private folder for the launcher's files and socket, named after the service's process; folders of services that
/// are no more are removed.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string Prefix = "o1sb-";

    private RunFolder(string path) => Path = path;

    /// <summary>The folder, of mode 700.</summary>
    public string Path { get; }

    /// <summary>The launcher's socket.</summary>
    public string Socket => System.IO.Path.Combine(Path, "launcher.socket");

    /// <summary>The launcher's entry point.</summary>
    public string Launcher => System.IO.Path.Combine(Path, "launcher.py");

    /// <summary>Makes the folder under <paramref name="parent"/>, writes the launcher's files and sweeps old folders.</summary>
    /// <exception cref="SandboxUnavailableException">The folder cannot be made or holds other bytes than were written.</exception>
    public static RunFolder Create(string parent)
    {
        var folder = CreateEmpty(parent);
        try
        {
            WriteFiles(folder.Path);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(parent, exception);
        }
    }

    /// <summary>Makes a folder under <paramref name="parent"/> without the launcher's files, and sweeps old folders.</summary>
    /// <exception cref="SandboxUnavailableException">The folder cannot be made.</exception>
    public static RunFolder CreateEmpty(string parent)
    {
        var root = parent.Length > 0 ? parent : System.IO.Path.GetTempPath();
        // No two services share these, not even one after the other.
        var owner = $"{Environment.ProcessId}-{StartTime("self")}";
        try
        {
            Directory.CreateDirectory(root);
            Sweep(root);
            var path = System.IO.Path.Combine(root, $"{Prefix}{owner}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new RunFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(root, exception);
        }
    }

    private static SandboxUnavailableException Refused(string root, Exception exception) => new(
        $"the run folder under '{root}' cannot be made ({exception.Message.TrimEnd('.')}), do name another with --Sandbox:RunFolder");

    /// <summary>Removes the folder. Processes that were killed a moment ago may still make files in it, so for a while it is tried again.</summary>
    public void Dispose()
    {
        var until = Stopwatch.GetTimestamp() + (2 * Stopwatch.Frequency);
        Remove(Path);
        while (Directory.Exists(Path) && Stopwatch.GetTimestamp() < until)
        {
            Thread.Sleep(20);
            Remove(Path);
        }
    }

    private static void WriteFiles(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".py", StringComparison.Ordinal)))
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            var path = System.IO.Path.Combine(folder, name);
            File.WriteAllBytes(path, bytes);
            if (!SHA256.HashData(File.ReadAllBytes(path)).AsSpan().SequenceEqual(SHA256.HashData(bytes)))
            {
                throw new SandboxUnavailableException($"'{path}' holds other bytes than were written to it, do check the disk");
            }
        }
    }

    private static void Sweep(string root)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            var parts = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-');
            if (parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && StartTime(parts[0]) != parts[1])
            {
                Remove(folder);
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or just removed by another service; neither is ours to mend.
            Debug.WriteLine(exception.Message);
        }
    }

    /// <summary>The start time of a process in clock ticks since boot (field 22 of proc_pid_stat(5)), or "" without one.</summary>
    private static string StartTime(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "";
        }
    }
}
