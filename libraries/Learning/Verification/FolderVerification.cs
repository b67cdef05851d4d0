namespace O1Coder.Learning.Verification;

/// <summary>Finds reference numbers anywhere under a folder: every losses.json, and every model folder with expected.json.</summary>
public static class FolderVerification
{
    private const string LossesName = "losses.json";
    private const int DeepestFolder = 16;

    /// <summary>What there is to run, in the order of its paths.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<VerificationSource> Find(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"FOLDER is '{folder}': no such folder");
        }

        // A depth that ends where links go round.
        var everywhere = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = 0,
            MaxRecursionDepth = DeepestFolder,
        };
        var losses = Directory.EnumerateFiles(folder, LossesName, everywhere)
            .Select(path => new VerificationSource(path, (_, _) => LossVerification.Run(path)));
        var models = Directory.EnumerateFiles(folder, ModelVerification.FileName, everywhere)
            .Select(path => Path.GetDirectoryName(path)!)
            .Where(ModelVerification.IsOne)
            .Select(path => new VerificationSource(path, (threads, cancellation) => ModelVerification.Run(path, threads, cancellation)));
        return [.. losses.Concat(models).OrderBy(source => source.Path, StringComparer.Ordinal)];
    }
}
