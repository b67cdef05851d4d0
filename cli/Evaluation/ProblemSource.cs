using System.CommandLine;
using O1Coder.Cli.Commands;
using O1Coder.Problems;

namespace O1Coder.Cli.Evaluation;

/// <summary>Reads the problems of <c>evaluate</c>.</summary>
internal static class ProblemSource
{
    /// <summary>The problems that were asked for, in their order.</summary>
    /// <exception cref="BadInputException">They cannot be read, or there are none; the message is one line.</exception>
    public static IReadOnlyList<Problem> Read(ParseResult parsed, EvaluateCommand command, Terminal terminal)
    {
        var source = parsed.GetRequiredValue(command.Problems);

        // The name stays as the user gave it, since messages repeat it.
        var path = terminal.WorkingDirectory == Environment.CurrentDirectory ? source : Path.GetFullPath(source, terminal.WorkingDirectory);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new BadInputException($"no such file or folder: {source}");
        }

        try
        {
            var problems = ReadSplit(ProblemFolder.Read(path).Problems, path, source, parsed.GetValue(command.Split)!);
            return parsed.GetResult(command.Limit) is { Implicit: false } ? [.. problems.Take(parsed.GetValue(command.Limit))] : problems;
        }
        catch (ProblemFormatException exception)
        {
            throw new BadInputException(exception.Message);
        }
    }

    private static IReadOnlyList<Problem> ReadSplit(IReadOnlyList<Problem> problems, string path, string source, string split)
    {
        if (split == "all")
        {
            return problems;
        }

        if (!Directory.Exists(path))
        {
            throw new BadInputException($"--split is \"{split}\"; {source} is a file: only a folder has a split, in its {ProblemFolder.EvaluationFile}");
        }

        var folder = ProblemFolder.Read(path);
        var part = (split == "learn" ? folder.Learn : folder.Evaluation).Select(problem => problem.Id).ToHashSet(StringComparer.Ordinal);
        var chosen = problems.Where(problem => part.Contains(problem.Id)).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new BadInputException($"--split is \"{split}\"; {source} names no problem for it (its {ProblemFolder.EvaluationFile} would)");
    }
}
