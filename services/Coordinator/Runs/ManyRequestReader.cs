using Grpc.Core;
using O1Coder.Search;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Checks a run and fills in the defaults that search.proto documents.</summary>
internal static class ManyRequestReader
{
    private const int MostProblems = 100_000;
    private const int MostParallel = 256;
    private const int DefaultParallel = 4;

    /// <summary>The plan of a valid request, and each of its searches as it will be asked for, to be checked one by one.</summary>
    /// <exception cref="RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static ManyPlan Read(V1.SolveManyRequest request, CoordinatorOptions settings)
    {
        ThrowUnless(request.Problems.Count is > 0 and <= MostProblems, "problems", request.Problems.Count, $"1 to {MostProblems} problems");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Problems.Count; i++)
        {
            var problem = request.Problems[i];
            ThrowUnless(names.Add(problem.Id), $"problems[{i}].id", problem.Id, "a name that no other problem has");
            ThrowUnless(
                problem.VisibleTests.Count > 0, $"problems[{i}].visible_tests", "empty", "at least one test");
            try
            {
                SolveRequestReader.Read(SearchOf(request, problem, 1), settings);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
            {
                throw new RpcException(new Status(error.StatusCode, $"problems[{i}]: {error.Status.Detail}"));
            }
        }

        var header = request.Clone();
        header.Problems.Clear();
        return Header(header, request.Problems.Count);
    }

    /// <summary>The plan of a run whose problems were checked before.</summary>
    /// <exception cref="RpcException">InvalidArgument.</exception>
    public static ManyPlan Header(V1.SolveManyRequest header, int problems)
    {
        var given = header.Budget ?? new V1.ManyBudget();
        ThrowUnless(given.Rollouts >= 0, "budget.rollouts", given.Rollouts, "a whole number of at least 0 (0: no limit)");
        ThrowUnless(given.Tokens >= 0, "budget.tokens", given.Tokens, "a whole number of at least 0 (0: no limit)");
        ThrowUnless(given.SandboxRuns >= 0, "budget.sandbox_runs", given.SandboxRuns, "a whole number of at least 0 (0: no limit)");
        ThrowUnless(given.Seconds is >= 0 and <= 30 * 24 * 3600, "budget.seconds", given.Seconds, "a number in [0, 2592000] (0: no limit)");
        ThrowUnless(given.RolloutsEach is >= 0 and <= 10_000, "budget.rollouts_each", given.RolloutsEach, "a whole number from 0 to 10000 (0: the default, 32)");
        ThrowUnless(given.Grant is >= 0 and <= 1024, "budget.grant", given.Grant, "a whole number from 0 to 1024 (0: the default, 4)");
        ThrowUnless(header.Parallel is >= 0 and <= MostParallel, "parallel", header.Parallel, $"a whole number from 0 to {MostParallel} (0: the default)");
        var budget = new EffortBudget();
        return new ManyPlan(
            header, problems,
            budget with
            {
                Rollouts = given.Rollouts,
                Tokens = given.Tokens,
                SandboxRuns = given.SandboxRuns,
                RolloutsEach = given.RolloutsEach == 0 ? budget.RolloutsEach : given.RolloutsEach,
                Grant = given.Grant == 0 ? budget.Grant : given.Grant,
            },
            header.Parallel == 0 ? DefaultParallel : header.Parallel);
    }

    /// <summary>The search of one problem.</summary>
    public static V1.SolveRequest SearchOf(V1.SolveManyRequest header, V1.Problem problem, int rollouts)
    {
        var options = header.Options?.Clone() ?? new V1.SearchOptions();
        options.Seed = SplitMix64.Mix(options.Seed, [.. problem.Id.Select(letter => (ulong)letter)]);
        return new V1.SolveRequest { Problem = problem, Budget = new V1.Budget { Rollouts = rollouts }, Options = options, Adapter = header.Adapter };
    }
}
