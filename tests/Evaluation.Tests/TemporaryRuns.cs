namespace O1Coder.Evaluation.Tests;

/// <summary>A folder of runs that several coordinators share, one after another, and that is deleted at the end.</summary>
internal sealed class TemporaryRuns : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("o1coder-evaluations-").FullName;

    /// <summary>The folder of the only evaluation.</summary>
    public string Evaluation => Assert.Single(Directory.GetDirectories(System.IO.Path.Combine(Path, "evaluations")));

    public string Log => System.IO.Path.Combine(Evaluation, "samples.jsonl");

    /// <summary>An adapter whose version is the given text.</summary>
    public string Adapter(string version, string name = "adapter")
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, "adapter_config.json"), version);
        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
