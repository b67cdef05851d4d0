namespace O1Coder.Models.Tests;

/// <summary>The small random models of the golden numbers.</summary>
internal static class GoldenFolders
{
    public static string Qwen2 { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "tiny-qwen2");

    public static string Llama { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "tiny-llama");

    public static string Adapter(string folder) => Path.Combine(folder, "adapter");

    /// <summary>Copies the files of a folder, those inside its folders not.</summary>
    public static string Copy(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.WriteAllBytes(Path.Combine(destination, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        return destination;
    }

    /// <summary>Changes a text in a file; it must be there.</summary>
    public static void Replace(string path, string old, string changed)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
    }
}
