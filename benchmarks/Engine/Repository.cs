namespace O1Coder.Benchmarks;

/// <summary>The working tree that these benchmarks were built in.</summary>
internal static class Repository
{
    /// <summary>Its root; the current folder where the program lies elsewhere.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "O1Coder.sln")))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
