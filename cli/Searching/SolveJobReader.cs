using System.CommandLine;
using O1Coder.Cli.Commands;
using O1Coder.Problems;
using O1Coder.V1;
using Problem = O1Coder.Problems.Problem;

namespace O1Coder.Cli.Searching;

/// <summary>Makes a search out of the arguments of <c>solve</c>.</summary>
internal static class SolveJobReader
{
    private const string StandardInput = "<stdin>";
    private const int ProblemLimit = 256 * 1024;

    /// <summary>Reads the problem and its tests and puts the request together.</summary>
    /// <exception cref="BadInputException">A file cannot be read or is malformed; the message is one line.</exception>
    public static SolveJob Read(ParseResult parsed, SolveCommand command, Terminal terminal)
    {
        var tests = parsed.GetValue(command.Tests);
        var problem = ReadProblem(parsed.GetRequiredValue(command.File), tests, terminal);
        var split = Split(problem);
        if (split.Visible.Count == 0)
        {
            terminal.Error.WriteLine(
                "o1coder: the problem has no visible tests: the model writes them first; give tests with --tests FILE");
        }
        else if (split.Rule == HeldOut.Shared)
        {
            terminal.Error.WriteLine(
                "o1coder: the problem has one test, which steers the search and judges its result; give more with --tests FILE");
        }

        var request = new SolveRequest
        {
            Problem = ProblemMessage.Of(problem, split),
            Adapter = AdapterPath.Read(parsed.GetValue(command.Adapter), "--adapter", terminal),
            Budget = new Budget
            {
                Rollouts = parsed.GetValue(command.Rollouts),
                Tokens = parsed.GetValue(command.MaxTokens),
                Seconds = parsed.GetValue(command.Seconds),
            },
            Options = new SearchOptions
            {
                Seed = parsed.GetValue(command.Seed),
            },
        };
        command.Method.Read(parsed, request.Options, request.Budget);
        if (parsed.GetValue(command.ProcessReward) is > 0 and var weight)
        {
            request.Options.ProcessRewardWeight = weight;
        }

        var difficulty = problem.Difficulty?.ToString().ToLowerInvariant() ?? "";
        return new SolveJob(request, difficulty, parsed.GetValue(CommandLine.Json), parsed.GetValue(CommandLine.Plain));
    }

    // Without visible tests the coordinator has them written.
    private static TestSplit Split(Problem problem) => problem.VisibleTests.Count > 0
        ? TestSplit.Of(problem)
        : new TestSplit([], problem.HiddenTests, problem.HiddenTests.Count > 0 ? HeldOut.GivenAlone : HeldOut.Shared);

    private static Problem ReadProblem(string file, string? testFile, Terminal terminal)
    {
        try
        {
            var tests = testFile is null ? null : TestFile.Read(Existing(testFile, terminal));
            return file == "-"
                ? ProblemMarkdown.Parse(ReadInput(terminal), StandardInput, tests, testsRequired: false)
                : ProblemMarkdown.Read(Existing(file, terminal), tests, testsRequired: false);
        }
        catch (ProblemFormatException exception)
        {
            throw new BadInputException(exception.Message);
        }
    }

    private static string Existing(string file, Terminal terminal)
    {
        var path = terminal.PathOf(file);
        return File.Exists(path)
            ? path
            : throw new BadInputException(Directory.Exists(path) ? $"a folder, not a file: {file}" : $"no such file: {file}");
    }

    private static string ReadInput(Terminal terminal)
    {
        if (terminal.InIsInteractive)
        {
            terminal.Error.WriteLine("o1coder: reading the problem from the keyboard; end it with Ctrl+D on a line of its own");
        }

        // One character more than any problem may have, so that an endless input ends and is refused as too long.
        var buffer = new char[ProblemLimit + 1];
        var length = terminal.In.ReadBlock(buffer, 0, buffer.Length);
        var text = new string(buffer, 0, length);
        return string.IsNullOrWhiteSpace(text)
            ? throw new BadInputException("standard input is empty; expected a problem or a statement")
            : text;
    }
}
