using System.Globalization;

namespace O1Coder.Coordinator;

/// <summary>The folder of one run; paths inside it are relative, with '/'.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Path">The folder, absolute.</param>
internal sealed record PlayFolder(string Run, string Path)
{
    /// <summary>Problems to learn from, a line each.</summary>
    public const string Problems = "problems.jsonl";

    /// <summary>Problems of evaluations, a line each.</summary>
    public const string EvaluationProblems = "evaluation-problems.jsonl";

    /// <summary>The report.</summary>
    public const string Report = "report.md";

    /// <summary>The kept policy adapter's copy.</summary>
    public const string Policy = "policy";

    /// <summary>What an adapter consists of.</summary>
    public static IReadOnlyList<string> AdapterFiles { get; } = ["adapter_config.json", "adapter_model.safetensors"];

    /// <summary>Where the manifest lies.</summary>
    public string ManifestPath => At("run.json");

    /// <summary>Where the end is noted.</summary>
    public string EndPath => At("finished.json");

    /// <summary>An absolute path.</summary>
    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>An absolute path whose folder exists.</summary>
    public string ForWriting(string relative)
    {
        var path = At(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>"07-policy-sft".</summary>
    public static string Label(int step, string name) => string.Create(CultureInfo.InvariantCulture, $"{step:00}-{name}");

    /// <summary>A step's record, or null when it is not done.</summary>
    public StepRecord? ReadRecord(int step, string name) => JsonFiles.TryRead<StepRecord>(RecordPath(step, name));

    /// <summary>Writes a step's record: from now on it is done.</summary>
    public void WriteRecord(StepRecord record) => JsonFiles.Write(RecordPath(record.Step, record.Name), record);

    /// <summary>The record's path in the run's folder.</summary>
    public static string RecordName(int step, string name) => $"steps/{Label(step, name)}.json";

    /// <summary>
    /// Puts a copy of the kept adapter under "policy", where evaluations look for it. The copy is complete before it
    /// takes its place.
    /// </summary>
    /// <param name="adapter">The adapter's folder in the run's; empty for the base, which has no copy.</param>
    public void CopyPolicy(string adapter)
    {
        var target = At(Policy);
        if (adapter.Length > 0 && AdapterFiles.All(file =>
            FileHash.Of(target, file).Sha256 is { Length: > 0 } there && there == FileHash.Of(At(adapter), file).Sha256))
        {
            return;
        }

        var copy = target + ".tmp";
        DeleteFolder(copy);
        if (adapter.Length > 0)
        {
            Directory.CreateDirectory(copy);
            foreach (var file in AdapterFiles)
            {
                File.Copy(System.IO.Path.Combine(At(adapter), file), System.IO.Path.Combine(copy, file));
            }
        }

        DeleteFolder(target);
        if (adapter.Length > 0)
        {
            Directory.Move(copy, target);
        }
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private string RecordPath(int step, string name) => ForWriting(RecordName(step, name));
}
