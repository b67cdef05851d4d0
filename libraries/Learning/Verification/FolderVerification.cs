using O1Coder.Models.Verification;

namespace O1Coder.Learning.Verification;

/// <summary>Finds reference numbers anywhere under a folder: every losses.json, and every model folder with expected.json.</summary>
public static class FolderVerification
{
    private const string LossesName = "losses.json";

    /// <summary>What <see cref="Find"/> looks for, for people.</summary>
    public const string Expected = $"{LossesName}, or folders with config.json and expected.json";

    /// <summary>What there is to run, in the order of its paths.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<VerificationSource> Find(string folder)
    {
        var losses = CaseFiles.Find(folder, LossesName).Select(path => new VerificationSource(path, (_, _) => LossVerification.Run(path)));
        var models = ModelCaseFolder.Find(folder)
            .Select(path => new VerificationSource(path, (threads, cancellation) => ModelVerification.Run(path, threads, cancellation)));
        return [.. losses.Concat(models).OrderBy(source => source.Path, StringComparer.Ordinal)];
    }
}
