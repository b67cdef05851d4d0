using System.CommandLine;
using O1Coder.Cli.Commands;
using O1Coder.Cli.Searching;
using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Many;

/// <summary>Makes a run over many problems out of the arguments of <c>many</c>.</summary>
internal static class ManyJobReader
{
    /// <summary>Reads the problems and puts the request together.</summary>
    /// <exception cref="BadInputException">They cannot be read, or both problems and a run were given; the message is one line.</exception>
    public static V1.SolveManyRequest Read(ParseResult parsed, ManyCommand command, Terminal terminal)
    {
        var source = parsed.GetValue(command.Problems);
        if (parsed.GetValue(command.Run) is { } run)
        {
            return source is null
                ? new V1.SolveManyRequest { RunId = Path.GetFileName(Path.TrimEndingDirectorySeparator(run)) }
                : throw new BadInputException($"--run is \"{run}\" beside \"{source}\"; a run has its problems: expected one of the two");
        }

        if (source is null)
        {
            throw new BadInputException("many needs a FILE or FOLDER with the problems, or --run with a run to go on with");
        }

        var budget = new V1.Budget();
        var request = new V1.SolveManyRequest
        {
            Problems = { ReadProblems(source, terminal).Select(problem => ProblemMessage.Of(problem, TestSplit.Of(problem))) },
            Options = new V1.SearchOptions { Seed = parsed.GetValue(command.Seed) },
            Adapter = AdapterPath.Read(parsed.GetValue(command.Adapter), "--adapter", terminal),
            Parallel = parsed.GetValue(command.Parallel),
            Budget = new V1.ManyBudget
            {
                Tokens = parsed.GetValue(command.MaxTokens),
                Rollouts = parsed.GetValue(command.MaxRollouts),
                RolloutsEach = parsed.GetValue(command.RolloutsEach),
                Grant = parsed.GetValue(command.Grant),
                Seconds = parsed.GetValue(command.Seconds),
            },
        };
        command.Method.Read(parsed, request.Options, budget);
        request.Budget.SandboxRuns = budget.SandboxRuns;
        return request;
    }

    private static List<Problem> ReadProblems(string source, Terminal terminal)
    {
        var path = terminal.PathOf(source);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new BadInputException($"no such file or folder: {source}");
        }

        try
        {
            var problems = DataSet.Read(path, null, skipBad: false, int.MaxValue).Problems;
            foreach (var bare in problems.Where(problem => problem.VisibleTests.Count == 0))
            {
                terminal.Error.WriteLine($"o1coder: left out, as it has no visible tests: {bare.Id}");
            }

            var kept = problems.Where(problem => problem.VisibleTests.Count > 0).ToList();
            return kept.Count > 0 ? kept : throw new BadInputException($"no problem with visible tests in {source}");
        }
        catch (Exception exception) when (exception is DataSetFormatException or ProblemFormatException)
        {
            throw new BadInputException(exception.Message);
        }
    }
}
