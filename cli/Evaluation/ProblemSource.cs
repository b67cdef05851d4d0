using System.CommandLine;
using O1Coder.Cli.Commands;
using O1Coder.Cli.Display;
using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Evaluation;

/// <summary>Reads the problems of <c>evaluate</c>.</summary>
internal static class ProblemSource
{
    /// <summary>The problems that were asked for, in their order; which lines are left out is told on standard error.</summary>
    /// <exception cref="BadInputException">They cannot be read, or there are none; the message is one line.</exception>
    public static IReadOnlyList<Problem> Read(ParseResult parsed, EvaluateCommand command, Terminal terminal)
    {
        var source = parsed.GetRequiredValue(command.Problems);
        var path = terminal.PathOf(source);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new BadInputException($"no such file or folder: {source}");
        }

        try
        {
            // Large sets are read no further than is asked for; which problems a split has is known of a whole folder alone.
            var skipBad = parsed.GetValue(command.SkipBad);
            var split = parsed.GetValue(command.Split)!;
            var limit = parsed.GetResult(command.Limit) is { Implicit: false } ? parsed.GetValue(command.Limit) : int.MaxValue;
            var set = ReadSet(path, parsed.GetValue(command.Format), skipBad, split == "all" ? limit : int.MaxValue);
            foreach (var fault in set.Skipped)
            {
                terminal.Error.WriteLine($"o1coder: left out: {TerminalText.OneLine(fault.Message)}");
            }

            return [.. ReadSplit(set.Problems, path, source, split, skipBad).Take(limit)];
        }
        catch (Exception exception) when (exception is DataSetFormatException or ProblemFormatException)
        {
            throw new BadInputException(exception.Message);
        }
    }

    private static DataSet ReadSet(string path, string? format, bool skipBad, int limit)
    {
        switch (format)
        {
            case null:
                return DataSet.Read(path, null, skipBad, limit);
            case "stdio":
                // The two shapes of such sets; what is wrong is told in the words of the first.
                try
                {
                    return DataSet.Read(path, DataSetFormat.Stdio, skipBad, limit);
                }
                catch (DataSetFormatException)
                {
                    try
                    {
                        return DataSet.Read(path, DataSetFormat.CodeContests, skipBad, limit);
                    }
                    catch (DataSetFormatException)
                    {
                        // Falls through to the error of the first.
                    }

                    throw;
                }

            default:
                return DataSet.Read(
                    path,
                    format switch { "mbpp" => DataSetFormat.Mbpp, "humaneval" => DataSetFormat.HumanEval, _ => DataSetFormat.Markdown },
                    skipBad,
                    limit);
        }
    }

    private static IReadOnlyList<Problem> ReadSplit(IReadOnlyList<Problem> problems, string path, string source, string split, bool skipBad)
    {
        if (split == "all")
        {
            return problems;
        }

        if (!Directory.Exists(path))
        {
            throw new BadInputException($"--split is \"{split}\"; {source} is a file: only a folder has a split, in its {ProblemFolder.EvaluationFile}");
        }

        // With malformed problems left out, evaluation.txt may name some that are not here.
        var evaluation = skipBad
            ? ProblemFolder.ReadEvaluationIds(path)
            : ProblemFolder.Read(path).Evaluation.Select(problem => problem.Id).ToHashSet(StringComparer.Ordinal);
        var chosen = problems.Where(problem => evaluation.Contains(problem.Id) == (split == "evaluation")).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new BadInputException($"--split is \"{split}\"; {source} names no problem for it (its {ProblemFolder.EvaluationFile} would)");
    }
}
