using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using O1Coder.Cli.Commands;
using O1Coder.Cli.Processes;
using O1Coder.Cli.Searching;
using O1Coder.Problems;

namespace O1Coder.Cli.Rewarding;

/// <summary>One program to be rewarded.</summary>
internal sealed class RewardsJob
{
    private const int LargestProgram = 1024 * 1024;
    private readonly Problem _problem;
    private readonly TestSplit _tests;
    private readonly string _program;
    private readonly RewardOptions _options;
    private readonly IReadOnlyList<double>? _process;
    private readonly int _step;
    private readonly string _limiter;
    private readonly bool _json;

    private RewardsJob(Problem problem, string program, RewardOptions options, IReadOnlyList<double>? process, int step, string limiter, bool json)
    {
        (_problem, _program, _options, _process, _step, _limiter, _json) = (problem, program, options, process, step, limiter, json);
        _tests = new TestSplit(problem.VisibleTests, problem.HiddenTests, HeldOut.Given);
    }

    /// <summary>Reads the files and the options.</summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or an option is; the message names it.</exception>
    public static RewardsJob Read(ParseResult parsed, RewardsCommand command, Terminal terminal)
    {
        var options = RewardOptionsText.Read(parsed.GetValue(command.Rewards) ?? "", new RewardOptions()) with { Schedule = AlphaSchedule.PaperCode };
        return new RewardsJob(
            ReadProblem(terminal.PathOf(parsed.GetRequiredValue(command.Problem))),
            ReadProgram(parsed.GetRequiredValue(command.Program), terminal),
            options, ReadProcess(parsed.GetValue(command.Process)), parsed.GetValue(command.Step), parsed.GetValue(command.Limiter)!, parsed.GetValue(CommandLine.Json));
    }

    /// <summary>Runs, measures, checks and prints.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="BadInputException">The sandbox is not there.</exception>
    public int Run(Terminal terminal)
    {
        var conditions = new ConditionChecker(Z3Solver.Find()).CheckAsync(_problem, _program, CancellationToken.None).GetAwaiter().GetResult();
        var counterexamples = conditions.Where(one => one.Counterexample is not null).ToList();
        var requests = new List<V1.ExecuteRequest> { Request(_program, [.. _tests.Visible, .. _tests.Hidden], _problem.ReferenceSolution) };
        if (_problem.ReferenceSolution is { } reference)
        {
            requests.Add(Request(reference, [.. _tests.Visible, .. _tests.Hidden], null));
        }

        requests.AddRange(counterexamples.Select(one => Request(_program, [one.Counterexample!], null)));
        var lines = new List<string>();
        var exitCode = ServiceProcess.Sandbox.Run(
            ["run", _limiter], terminal, string.Concat(requests.Select(request => JsonFormatter.Default.Format(request) + "\n")), lines.Add);
        if (exitCode != ExitCodes.Solved)
        {
            return exitCode;
        }

        var responses = lines.Select(V1.ExecuteResponse.Parser.ParseJson).ToList();
        if (responses.Count != requests.Count)
        {
            throw new BadInputException($"the sandbox answered {responses.Count} of {requests.Count} requests");
        }

        var evidence = Evidence(responses[0], _problem.ReferenceSolution is null ? null : responses[1], conditions);
        var report = new RewardPipeline(_options).Evaluate(evidence, _step);
        var confirmed = counterexamples.Zip(responses.TakeLast(counterexamples.Count)).ToDictionary(one => one.First, one => one.Second);
        new RewardsReport(_problem, responses[0], report, conditions, confirmed).Write(terminal, _json);
        return evidence.PassesAll && conditions.All(one => one.Outcome != ConditionOutcome.Refuted) ? ExitCodes.Solved : ExitCodes.NotSolved;
    }

    private RewardEvidence Evidence(V1.ExecuteResponse own, V1.ExecuteResponse? reference, IReadOnlyList<ConditionVerdict> conditions)
    {
        var visible = own.Results.Count(result => result.Index < _tests.Visible.Count && result.Verdict == V1.Verdict.Accepted);
        var hidden = own.Results.Count(result => result.Index >= _tests.Visible.Count && result.Verdict == V1.Verdict.Accepted);
        return new RewardEvidence
        {
            Verdict = Enum.Parse<Verdict>(own.Verdict.ToString()),
            Visible = new TestCount(visible, _tests.Visible.Count),
            Hidden = _tests.Hidden.Count == 0 ? null : new TestCount(hidden, _tests.Hidden.Count),
            Costs = CostsOf(own.Metrics),
            ReferenceCosts = CostsOf(reference?.Metrics),
            Conditions = conditions,
            Process = _process,
        };
    }

    private static ProgramCosts? CostsOf(V1.ProgramMetrics? metrics) => metrics is null ? null : new ProgramCosts
    {
        CpuSeconds = metrics.CpuSeconds,
        Instructions = metrics.Instructions,
        RelativeCost = metrics.RelativeCost,
        CostUnit = metrics.CostUnit,
        Lines = metrics.Lines,
        CyclomaticComplexity = metrics.CyclomaticComplexity,
    };

    private static V1.ExecuteRequest Request(string program, IReadOnlyList<TestCase> tests, string? reference) => new()
    {
        Language = V1.Language.Python,
        Program = program,
        Tests = { tests.Select(ProblemMessage.Of) },
        StopAtTimeLimit = true,
        Measure = true,
        ReferenceProgram = reference ?? "",
    };

    private static Problem ReadProblem(string path)
    {
        try
        {
            return ProblemMarkdown.Read(path);
        }
        catch (ProblemFormatException exception)
        {
            throw new BadInputException(exception.Message);
        }
    }

    private static string ReadProgram(string given, Terminal terminal)
    {
        var path = terminal.FullPath(given);
        if (!File.Exists(path))
        {
            throw new BadInputException($"PROGRAM is \"{given}\"; expected a file");
        }

        return new FileInfo(path).Length is var size && size <= LargestProgram
            ? File.ReadAllText(path)
            : throw new BadInputException($"PROGRAM is \"{given}\" of {size} bytes; expected at most {LargestProgram}");
    }

    private static IReadOnlyList<double>? ReadProcess(string? text) => text is null ? null :
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item =>
            double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out var reward) && reward is >= 0 and <= 1
                ? reward
                : throw new BadInputException($"--process is \"{text}\"; expected numbers from 0 to 1 with commas between")),
    ];
}
