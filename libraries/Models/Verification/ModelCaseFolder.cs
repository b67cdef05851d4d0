namespace O1Coder.Models.Verification;

/// <summary>
/// A Hugging Face folder with reference numbers beside it: config.json, weights, <c>adapter/</c> in PEFT format where one is
/// expected something of, and expected.json.
/// </summary>
public static class ModelCaseFolder
{
    /// <summary>The file that holds what is expected.</summary>
    public const string FileName = "expected.json";

    /// <summary>The adapter's folder inside.</summary>
    public const string AdapterFolder = "adapter";

    /// <summary>All such folders anywhere under one, itself included.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IEnumerable<string> Find(string folder) =>
        CaseFiles.Find(folder, FileName).Select(path => Path.GetDirectoryName(path)!)
            .Where(path => File.Exists(Path.Combine(path, HuggingFaceConfig.FileName)));
}
