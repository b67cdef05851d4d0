namespace Aspire.Hosting.Orchestration;

/// <summary>Finds programs as a shell does.</summary>
internal static class ExecutablePath
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The path of a program; null when there is none.</summary>
    /// <param name="command">A path, or a name that is looked for in the folders of PATH.</param>
    public static string? Find(string command)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutable(command) ? Path.GetFullPath(command) : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & Execute) != 0;
}
