using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Commands;
using O1Coder.Cli.Searching;
using O1Coder.Cli.Streaming;
using O1Coder.Problems;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>Makes a run out of the arguments of <c>selfplay</c>.</summary>
internal static class PlayJobReader
{
    /// <summary>Reads the problems and puts the request together.</summary>
    /// <exception cref="BadInputException">An argument or a file cannot be used; the message is one line.</exception>
    public static PlayJob Read(ParseResult parsed, SelfPlayCommand command, Terminal terminal)
    {
        var source = parsed.GetValue(command.Problems)
            ?? throw new BadInputException("selfplay needs --problems FOLDER, for example --problems problems/practice");
        var folder = ReadFolder(source, "--problems", terminal);
        var other = parsed.GetValue(command.Evaluation);
        var evaluation = other is null ? folder.Evaluation : ReadFolder(other, "--evaluation", terminal).Problems;
        if (evaluation.Count == 0)
        {
            throw new BadInputException($"{source} sets no problem aside for evaluations; name some in its {ProblemFolder.EvaluationFile}, or give --evaluation FOLDER");
        }

        var limit = parsed.GetResult(command.Limit) is { Implicit: false } ? parsed.GetValue(command.Limit) : int.MaxValue;
        var learn = folder.Learn.Take(limit).ToList();
        if (learn.Count == 0)
        {
            throw new BadInputException($"{source} leaves no problem to learn from: its {ProblemFolder.EvaluationFile} names them all");
        }

        var shared = learn.Select(problem => problem.Id).Intersect(evaluation.Select(problem => problem.Id), StringComparer.Ordinal).FirstOrDefault();
        if (shared is not null)
        {
            throw new BadInputException($"the problem \"{shared}\" is in {source} and in {other}; expected evaluations of problems that nothing learns from");
        }

        var request = new PlayRequest
        {
            Run = parsed.GetValue(command.Run) ?? "",
            Settings = ReadSettings(parsed, command),
        };
        request.Problems.AddRange(learn.Select(problem => ProblemMessage.Whole(problem, withSolutions: true)));
        request.EvaluationProblems.AddRange(evaluation.Select(problem => ProblemMessage.Whole(problem, withSolutions: true)));
        if (request.CalculateSize() is var size && size > CoordinatorChannel.MaxMessageBytes)
        {
            throw new BadInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"the {learn.Count + evaluation.Count} problems take {size / 1e6:0.0} MB; at most {CoordinatorChannel.MaxMessageBytes / 1e6:0.0} MB go into one run: take fewer with --limit"));
        }

        return new PlayJob(request, parsed.GetValue(CommandLine.Json), parsed.GetValue(CommandLine.Plain));
    }

    private static SelfPlaySettings ReadSettings(ParseResult parsed, SelfPlayCommand command) => new()
    {
        Iterations = parsed.GetValue(command.Iterations),
        Quick = parsed.GetValue(command.Quick),
        Seed = parsed.GetValue(command.Seed),
        Rollouts = parsed.GetValue(command.Rollouts),
        Prm = parsed.GetValue(command.Prm) switch
        {
            "hard" => PrmTraining.Hard,
            "pairs" => PrmTraining.Pairs,
            _ => PrmTraining.Soft,
        },
        RewardSchedule = parsed.GetValue(command.Schedule) switch
        {
            "logarithmic" => RewardSchedule.Logarithmic,
            "code" => RewardSchedule.Code,
            _ => RewardSchedule.Linear,
        },
        Gamma = parsed.GetValue(command.Gamma),
        EvaluationSamples = parsed.GetValue(command.Samples),
        BasePrecision = parsed.GetValue(command.Base),
        Rows = parsed.GetValue(command.Rows),
        Rewards = parsed.GetValue(command.Rewards) ?? "",
    };

    private static ProblemFolder ReadFolder(string source, string option, Terminal terminal)
    {
        var path = terminal.PathOf(source);
        if (!Directory.Exists(path))
        {
            throw new BadInputException($"{option} is \"{source}\"; expected a folder of problems");
        }

        try
        {
            return ProblemFolder.Read(path);
        }
        catch (ProblemFormatException exception)
        {
            throw new BadInputException(exception.Message);
        }
    }
}
