namespace O1Coder.Models.Verification;

/// <summary>Finds files of reference numbers.</summary>
public static class CaseFiles
{
    private const int DeepestFolder = 16;

    /// <summary>All files of a name anywhere under a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">The name; <c>*</c> stands for anything.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IEnumerable<string> Find(string folder, string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"FOLDER is '{folder}': no such folder");
        }

        // A depth that ends where links go round.
        return Directory.EnumerateFiles(folder, pattern, new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = 0,
            MaxRecursionDepth = DeepestFolder,
        });
    }
}
