namespace O1Coder.Cli.Checks;

/// <summary>Where the checks look.</summary>
/// <param name="Root">The repository's folder; null where none was found.</param>
/// <param name="Variable">Reads an environment variable.</param>
internal sealed record Surroundings(string? Root, Func<string, string?> Variable)
{
    private const string Marker = "O1Coder.sln";

    /// <summary>What to do when there is no repository around.</summary>
    public const string GoToRepository = "run this inside the repository (the folder with O1Coder.sln)";

    /// <summary>Finds the repository by walking up from the working folder, then from this program's own.</summary>
    public static Surroundings Of(Terminal terminal) =>
        new(FindRoot(terminal.WorkingDirectory) ?? FindRoot(AppContext.BaseDirectory), terminal.Variable);

    private static string? FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
