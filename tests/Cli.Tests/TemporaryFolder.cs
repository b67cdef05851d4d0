namespace O1Coder.Cli.Tests;

/// <summary>A folder that is deleted at the end of a test, with a small problem in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public const string Problem = """
        ---
        id: add
        title: Add two numbers
        difficulty: trivial
        mode: function
        signature: "def add(a: int, b: int) -> int:"
        ---

        Return the sum of `a` and `b`.

        ## Visible tests

        ```python
        assert add(1, 2) == 3
        assert add(0, 0) == 0
        ```

        ## Hidden tests

        ```python
        assert add(-1, 1) == 0
        assert add(5, 5) == 10
        assert add(100, 1) == 101
        ```
        """;

    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("o1coder-cli-").FullName;
        ProblemFile = Write("add.md", Problem);
    }

    public string Path { get; }

    public string ProblemFile { get; }

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
