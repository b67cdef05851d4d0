using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Commands;
using O1Coder.Cli.Searching;
using O1Coder.Cli.Streaming;
using O1Coder.V1;
using Problem = O1Coder.Problems.Problem;

namespace O1Coder.Cli.Evaluation;

/// <summary>Makes an evaluation out of the arguments of <c>evaluate</c>.</summary>
internal static class EvaluateJobReader
{
    private const string Base = "base";

    /// <summary>Reads the problems and puts the requests together.</summary>
    /// <exception cref="BadInputException">An argument or a file cannot be used; the message is one line.</exception>
    public static EvaluateJob Read(ParseResult parsed, EvaluateCommand command, Terminal terminal)
    {
        var strategy = ReadStrategy(parsed, command);
        var adapter = AdapterPath.Read(parsed.GetValue(command.Adapter), "--adapter", terminal);
        var compare = parsed.GetValue(command.Compare);
        var other = compare is null or Base ? "" : AdapterPath.Read(compare, "--compare", terminal);
        if (compare is not null && adapter == other)
        {
            throw new BadInputException(adapter.Length == 0
                ? "--compare base compares the model without an adapter with itself; name an adapter by --adapter FOLDER"
                : $"--compare is \"{compare}\", the adapter that --adapter names; expected base or another one");
        }

        var output = ReadOut(parsed.GetValue(command.Out), terminal);
        var source = parsed.GetRequiredValue(command.Problems);
        var tcg = parsed.GetValue(command.Tcg);
        var problems = ProblemSource.Read(parsed, command, terminal);
        if (tcg && problems.All(problem => problem.ReferenceSolutions.Count == 0))
        {
            throw new BadInputException($"--tcg needs problems with reference solutions; {source} has none");
        }

        var request = CreateRequest(parsed, command, strategy, problems, tcg);
        request.Adapter = adapter;
        List<EvaluatedArm> arms = [new EvaluatedArm(parsed.GetValue(command.Adapter) ?? Base, request)];
        if (compare is not null)
        {
            var second = request.Clone();
            second.Adapter = other;

            // What Tcg writes does not depend on the policy's adapter.
            second.MeasureTests = false;
            arms.Add(new EvaluatedArm(compare, second));
        }

        if (request.CalculateSize() is var size && size > CoordinatorChannel.MaxMessageBytes)
        {
            throw new BadInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"the {problems.Count} problems of {source} take {size / 1e6:0.0} MB; at most {CoordinatorChannel.MaxMessageBytes / 1e6:0.0} MB go into one evaluation: take fewer with --limit"));
        }

        return new EvaluateJob(arms, source, output, parsed.GetValue(CommandLine.Json), parsed.GetValue(CommandLine.Plain));
    }

    // The words of the strategies say enough; any other method is named.
    private static string MethodOf(string? word) => word is null or "greedy" or "sample" or "mcts" ? "" : word;

    private static Strategy ReadStrategy(ParseResult parsed, EvaluateCommand command)
    {
        var samples = parsed.GetValue(command.Samples);
        var strategy = (parsed.GetValue(command.Strategy), samples) switch
        {
            ("sample", _) or (null, > 1) => Strategy.Sample,
            ("greedy", _) or (null, _) => Strategy.Greedy,
            _ => Strategy.Mcts,
        };
        if (strategy == Strategy.Greedy && samples > 1)
        {
            throw new BadInputException($"--samples is \"{samples}\" with --strategy greedy, whose program is always the same; expected 1, or sample or mcts");
        }

        if (strategy == Strategy.Greedy && parsed.GetValue(command.Temperature) is not null)
        {
            throw new BadInputException("--temperature has no part in --strategy greedy; expected --strategy sample or mcts with it");
        }

        if (strategy != Strategy.Mcts && parsed.GetResult(command.Rollouts) is { Implicit: false })
        {
            throw new BadInputException("--rollouts is for searches; expected --strategy mcts with it");
        }

        return strategy != Strategy.Mcts && parsed.GetValue(command.Prm)
            ? throw new BadInputException("--prm scores the steps of searches; expected --strategy mcts with it")
            : strategy;
    }

    private static EvaluateRequest CreateRequest(
        ParseResult parsed, EvaluateCommand command, Strategy strategy, IReadOnlyList<Problem> problems, bool tcg)
    {
        var tests = parsed.GetResult(command.Tests) is null ? int.MaxValue : parsed.GetValue(command.Tests);
        var request = new EvaluateRequest
        {
            Options = new SearchOptions { Strategy = strategy, Method = MethodOf(parsed.GetValue(command.Strategy)), Seed = parsed.GetValue(command.Seed) },
            Budget = new Budget { Rollouts = strategy == Strategy.Mcts ? parsed.GetValue(command.Rollouts) : 0 },
            Samples = parsed.GetValue(command.Samples),
            Tests = tests switch { 0 => TestsShown.None, int.MaxValue => TestsShown.All, _ => TestsShown.First },
            ShownTests = tests == int.MaxValue ? 0 : tests,
            MeasureTests = tcg,
            MeasureProcessRewards = parsed.GetValue(command.Prm),
        };
        if (parsed.GetValue(command.Temperature) is { } temperature)
        {
            request.Options.Temperature = (float)temperature;
        }

        request.Problems.AddRange(problems.Select(problem => ProblemMessage.Whole(problem, tcg)));
        return request;
    }

    private static string? ReadOut(string? file, Terminal terminal)
    {
        if (file is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(file))
        {
            throw new BadInputException($"--out is \"{file}\"; expected the name of a file");
        }

        var path = terminal.FullPath(file);
        if (Directory.Exists(path))
        {
            throw new BadInputException($"--out is \"{file}\", a folder; expected the name of a file");
        }

        return Directory.Exists(Path.GetDirectoryName(path))
            ? path
            : throw new BadInputException($"--out is \"{file}\"; its folder does not exist");
    }
}
