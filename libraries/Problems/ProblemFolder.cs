namespace O1Coder.Problems;

/// <summary>
/// The problems of a folder of Markdown files, or of one file, and which of them only evaluations see: those whose ids stand
/// in the folder's <see cref="EvaluationFile"/>, one a line; empty lines and what follows a '#' are comments.
/// </summary>
public sealed class ProblemFolder
{
    /// <summary>The file that names the problems that are not learnt from.</summary>
    public const string EvaluationFile = "evaluation.txt";

    private ProblemFolder(string path, IReadOnlyList<Problem> problems, HashSet<string> evaluation)
    {
        Path = path;
        Problems = problems;
        Learn = [.. problems.Where(problem => !evaluation.Contains(problem.Id))];
        Evaluation = [.. problems.Where(problem => evaluation.Contains(problem.Id))];
    }

    /// <summary>The folder or file.</summary>
    public string Path { get; }

    /// <summary>All problems, sorted by id (ordinal); at least one, no id twice.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The problems to learn from, sorted by id: all that are not in <see cref="Evaluation"/>.</summary>
    public IReadOnlyList<Problem> Learn { get; }

    /// <summary>The problems that only evaluations see, sorted by id; empty without an <see cref="EvaluationFile"/>.</summary>
    public IReadOnlyList<Problem> Evaluation { get; }

    /// <summary>Reads one problem file, or the files *.md that stand directly in a folder; a README.md is no problem.</summary>
    /// <param name="path">The file or folder.</param>
    /// <returns>The problems.</returns>
    /// <exception cref="ProblemFormatException">
    /// The folder is missing, unreadable or holds no problem, a file is malformed, two files have the same id, or
    /// <see cref="EvaluationFile"/> names an unknown id or one twice.
    /// </exception>
    public static ProblemFolder Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            return new ProblemFolder(path, [ProblemMarkdown.Read(path)], []);
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        foreach (var file in FilesOf(path))
        {
            var problem = ProblemMarkdown.Read(file);
            if (!files.TryAdd(problem.Id, file))
            {
                throw new ProblemFormatException(file, 0, "id", $"its id \"{problem.Id}\" is that of {files[problem.Id]} too; expected an id of its own");
            }

            problems.Add(problem);
        }

        if (problems.Count == 0)
        {
            throw new ProblemFormatException(path, 0, "", "the folder holds no problem; expected files that end in .md");
        }

        problems.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        var list = System.IO.Path.Combine(path, EvaluationFile);
        return new ProblemFolder(path, problems, File.Exists(list) ? ReadEvaluation(list, files) : []);
    }

    /// <summary>The ids that a folder's <see cref="EvaluationFile"/> names, readable problems or not; none without one.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ProblemFormatException">The file cannot be read, or names an id twice.</exception>
    public static IReadOnlySet<string> ReadEvaluationIds(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var list = System.IO.Path.Combine(folder, EvaluationFile);
        return File.Exists(list) ? ReadEvaluation(list, known: null) : new HashSet<string>();
    }

    /// <summary>The problem files of a folder, sorted by name (ordinal).</summary>
    /// <exception cref="ProblemFormatException">The folder cannot be read.</exception>
    internal static IReadOnlyList<string> FilesOf(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.md")
                .Where(file => !System.IO.Path.GetFileName(file).Equals("README.md", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemFormatException(folder, 0, "", $"cannot be read: {e.Message}", e);
        }
    }

    private static HashSet<string> ReadEvaluation(string file, Dictionary<string, string>? known)
    {
        var source = SourceText.FromFile(file);
        var lines = source.Text.Split('\n');
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var id = lines[i].Split('#')[0].Trim();
            if (id.Length == 0)
            {
                continue;
            }

            if (known is not null && !known.ContainsKey(id))
            {
                throw source.Fault(i + 1, "id", $"unknown id \"{PythonAssertions.Shorten(id)}\"; expected the id of a problem in this folder");
            }

            if (!first.TryAdd(id, i + 1))
            {
                throw source.Fault(i + 1, "id", $"id \"{id}\" stands twice; the first is on line {first[id]}");
            }
        }

        return [.. first.Keys];
    }
}
