using Grpc.Core;
using O1Coder.Problems;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Checks a request and fills in the defaults that evaluation.proto documents.</summary>
internal static class EvaluationRequestReader
{
    private const int MostSamples = 1024;

    /// <summary>The plan of a valid request.</summary>
    /// <exception cref="RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static EvaluationPlan Read(V1.EvaluateRequest request)
    {
        ThrowUnless(Enum.IsDefined(request.Tests), "tests", (int)request.Tests, "1 (all), 2 (none) or 3 (first)");
        var first = request.Tests == V1.TestsShown.First;
        ThrowUnless(
            first ? request.ShownTests >= 1 : request.ShownTests == 0, "shown_tests", request.ShownTests,
            first ? "a whole number of at least 1" : "0 unless tests is 3 (first)");
        var options = SolveRequestReader.ReadOptions(request.Options ?? new V1.SearchOptions());
        var budget = SolveRequestReader.ReadBudget(request.Budget ?? new V1.Budget());
        ThrowUnless(request.Samples is >= 0 and <= MostSamples, "samples", request.Samples, $"a whole number from 0 to {MostSamples} (0: 1)");
        var samples = Math.Max(1, request.Samples);
        ThrowUnless(samples == 1 || options.Strategy != V1.Strategy.Greedy, "samples", samples, "1 with strategy greedy, whose program is always the same");
        foreach (var (k, i) in request.K.Select((k, i) => (k, i)))
        {
            ThrowUnless(k >= 1 && k <= samples, $"k[{i}]", k, $"a whole number from 1 to {samples}, the samples");
        }

        ThrowUnless(
            !request.MeasureProcessRewards || options.Strategy == V1.Strategy.Mcts, "measure_process_rewards", true,
            "false unless options.strategy is 3 (mcts): other strategies take no steps");
        ThrowUnless(request.Problems.Count > 0, "problems", "empty", "at least one problem");
        return new EvaluationPlan
        {
            Problems = ReadProblems(request),
            Options = options,
            Budget = budget,
            Samples = samples,
            K = request.K.Count > 0 ? [.. request.K.Distinct().Order()] : [.. PowersOfTwo(samples)],
            Request = request,
        };
    }

    private static IEnumerable<int> PowersOfTwo(int most)
    {
        for (var k = 1; k <= most; k *= 2)
        {
            yield return k;
        }
    }

    private static List<EvaluatedProblem> ReadProblems(V1.EvaluateRequest request)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<EvaluatedProblem>(request.Problems.Count);
        foreach (var (wire, i) in request.Problems.Select((wire, i) => (wire, i)))
        {
            var problem = ReadProblem(wire, i);
            ThrowUnless(ids.Add(problem.Id), $"problems[{i}].id", problem.Id, "a name that no other problem has");
            var shown = request.Tests switch
            {
                V1.TestsShown.None => 0,
                V1.TestsShown.First => request.ShownTests,
                _ => problem.VisibleTests.Count,
            };
            problems.Add(new EvaluatedProblem(wire, problem, [.. problem.VisibleTests.Take(shown)]));
        }

        return problems;
    }

    private static Problem ReadProblem(V1.Problem wire, int index)
    {
        // Hidden tests alone judge as well as any.
        var hiddenAlone = wire.VisibleTests.Count == 0 && wire.HiddenTests.Count > 0;
        var given = wire;
        if (hiddenAlone)
        {
            given = wire.Clone();
            given.VisibleTests.AddRange(given.HiddenTests);
            given.HiddenTests.Clear();
        }

        ThrowUnless(given.VisibleTests.Count > 0, $"problems[{index}].visible_tests", "empty", "at least one test, visible or hidden");
        try
        {
            var problem = ProblemReading.Read(given);
            return hiddenAlone ? problem with { VisibleTests = [], HiddenTests = problem.VisibleTests } : problem;
        }
        catch (RpcException error)
        {
            throw new RpcException(new Status(error.StatusCode, $"problems[{index}]: {error.Status.Detail}"));
        }
    }
}
