namespace O1Coder.Tests;

/// <summary>Where the repository's own files lie. Compiled into every test project.</summary>
internal static class Repository
{
    /// <summary>The folder that holds O1Coder.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the embedded model.</summary>
    public static string EmbeddedModel { get; } = Path.Combine(Root, "models", "qwen2.5-coder-0.5b-instruct");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "O1Coder.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"O1Coder.sln is in no folder above {AppContext.BaseDirectory}");
    }
}
