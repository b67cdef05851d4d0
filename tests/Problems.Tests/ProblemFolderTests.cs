namespace O1Coder.Problems.Tests;

public sealed class ProblemFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_read_sorted_by_id_and_split_by_its_list()
    {
        Write("one.md", "b");
        Write("two.md", "a");
        Write("three.md", "c");
        _folder.Write("README.md", "# no problem");
        _folder.Write("notes.txt", "no problem");
        _folder.Write(ProblemFolder.EvaluationFile, "# held out\r\n\r\nc # the last\r\na\r\n");

        var folder = ProblemFolder.Read(_folder.Path);

        Assert.Equal(["a", "b", "c"], folder.Problems.Select(problem => problem.Id));
        Assert.Equal(["b"], folder.Learn.Select(problem => problem.Id));
        Assert.Equal(["a", "c"], folder.Evaluation.Select(problem => problem.Id));
    }

    [Fact]
    public void One_file_is_a_folder_of_one_without_a_split()
    {
        _folder.Write(ProblemFolder.EvaluationFile, "a");
        var folder = ProblemFolder.Read(Write("one.md", "a"));
        Assert.Equal(["a"], folder.Learn.Select(problem => problem.Id));
        Assert.Empty(folder.Evaluation);
    }

    [Fact]
    public void An_id_that_two_files_have_is_named_with_both()
    {
        var one = Write("one.md", "same");
        var two = Write("two.md", "same");
        var fault = Assert.Throws<ProblemFormatException>(() => ProblemFolder.Read(_folder.Path));
        Assert.Equal($"{two}: its id \"same\" is that of {one} too; expected an id of its own", fault.Message);
    }

    [Theory]
    [InlineData("a\nnone\n", 2, "unknown id \"none\"")]
    [InlineData("a\n# a\na\n", 3, "id \"a\" stands twice; the first is on line 1")]
    public void A_bad_line_of_the_list_is_named(string list, int line, string detail)
    {
        Write("one.md", "a");
        _folder.Write(ProblemFolder.EvaluationFile, list);
        var fault = Assert.Throws<ProblemFormatException>(() => ProblemFolder.Read(_folder.Path));
        Assert.StartsWith($"{_folder.File(ProblemFolder.EvaluationFile)}:{line}: {detail}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_or_malformed_is_named()
    {
        Assert.EndsWith("holds no problem; expected files that end in .md", Assert.Throws<ProblemFormatException>(() => ProblemFolder.Read(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.EndsWith("no such file", Assert.Throws<ProblemFormatException>(() => ProblemFolder.Read(_folder.File("none"))).Message, StringComparison.Ordinal);
        var bad = _folder.Write("bad.md", "nothing");
        Assert.StartsWith($"{bad}:1:", Assert.Throws<ProblemFormatException>(() => ProblemFolder.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_starter_set_is_such_a_folder() =>
        Assert.Equal(24, ProblemFolder.Read(Path.Combine(AppContext.BaseDirectory, "problems", "starter")).Problems.Count);

    private string Write(string name, string id) =>
        _folder.Write(name, $"---\nid: {id}\n---\nDo it.\n\n## Tests\n\n```python\nassert f(1) == 1\n```\n");
}
