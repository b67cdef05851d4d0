namespace O1Coder.Trainer.Tests;

/// <summary>Folders and data sets of one test.</summary>
internal sealed class JobFixture : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("o1coder-trainer-").FullName;

    public string Runs => Path.Combine(Folder, "runs");

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public V1.TrainingJob Sft(string id) => new()
    {
        JobId = id,
        Method = V1.TrainingMethod.Sft,
        DataPath = Write("sft.jsonl", """{"prompt":"a","completion":"b"}""" + "\n"),
        OutputFolder = Path.Combine(Folder, $"adapter-{id}"),
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
