using System.Collections.Immutable;
using O1Coder.Problems;
using O1Coder.Search;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Checks a request and fills in the defaults that search.proto documents.</summary>
internal static class SolveRequestReader
{
    private const double LongestSeconds = 7 * 24 * 3600;

    /// <summary>The plan of a valid request.</summary>
    /// <param name="request">The request as it came.</param>
    /// <param name="settings">What a request does not choose.</param>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static SolvePlan Read(V1.SolveRequest request, CoordinatorOptions settings)
    {
        var problem = ProblemReading.Read(request.Problem);
        var budget = ReadBudget(request.Budget ?? new V1.Budget());
        var options = ReadOptions(request.Options ?? new V1.SearchOptions());
        if (options.Strategy == V1.Strategy.Greedy)
        {
            budget.Rollouts = 1;
        }

        return new SolvePlan
        {
            Problem = problem,
            Tests = problem.VisibleTests.Count > 0
                ? TestSplit.Of(problem)
                : new TestSplit([], problem.HiddenTests, problem.HiddenTests.Count > 0 ? HeldOut.GivenAlone : HeldOut.Shared),
            Request = request,
            WireOptions = options,
            WireBudget = budget,
            ActionPlan = settings.Actions,
            Options = new SearchOptions
            {
                Method = options.Method,
                Settings = options.Settings.ToImmutableSortedDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal),
                InFlight = options.InFlight,
                Seed = options.Seed,
                Exploration = options.Exploration,
                SamplesPerExpansion = options.SamplesPerExpansion,
                MaxDepth = options.MaxDepth,
                CompileWeight = options.CompileWeight,
                Plan = ActionPlan.Named(settings.Actions),
                FastAnswer = options.FastAnswer && settings.Actions != "paper",
                ProgramsFirst = settings.Actions != "paper",
                ProcessRewardWeight = options.ProcessRewardWeight,
                Exhaust = options.Exhaust,
            },
        };
    }

    /// <summary>A valid budget with the default filled in.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument.</exception>
    public static V1.Budget ReadBudget(V1.Budget given)
    {
        ThrowUnless(given.Rollouts is >= 0 and <= 10_000, "budget.rollouts", given.Rollouts, "a whole number from 0 to 10000 (0: the default, 32)");
        ThrowUnless(given.Tokens >= 0, "budget.tokens", given.Tokens, "a whole number of at least 0 (0: no limit)");
        ThrowUnless(given.SandboxRuns >= 0, "budget.sandbox_runs", given.SandboxRuns, "a whole number of at least 0 (0: no limit)");
        ThrowUnless(given.Seconds is >= 0 and <= LongestSeconds, "budget.seconds", given.Seconds, $"a number in [0, {LongestSeconds}] (0: no limit)");
        var budget = given.Clone();
        budget.Rollouts = given.Rollouts == 0 ? new SearchBudget().Rollouts : given.Rollouts;
        return budget;
    }

    /// <summary>Valid options with every default filled in.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument.</exception>
    public static V1.SearchOptions ReadOptions(V1.SearchOptions given)
    {
        ThrowUnless(Enum.IsDefined(given.Strategy), "options.strategy", (int)given.Strategy, "1 (greedy), 2 (sample) or 3 (mcts)");
        var method = MethodReading.Read(given);
        var defaults = method.Defaults;
        var options = new V1.SearchOptions
        {
            Strategy = MethodReading.StrategyOf(method.Name),
            Method = method.Name,
            Settings = { MethodReading.ReadSettings(given, method) },
            InFlight = given.HasInFlight ? given.InFlight : defaults.InFlight,
            FastAnswer = given.HasFastAnswer ? given.FastAnswer : defaults.FastAnswer,
            Seed = given.Seed,
            Exploration = given.HasExploration ? given.Exploration : defaults.Exploration,
            SamplesPerExpansion = given.HasSamplesPerExpansion ? given.SamplesPerExpansion : defaults.SamplesPerExpansion,
            MaxDepth = given.HasMaxDepth ? given.MaxDepth : defaults.MaxDepth,
            CompileWeight = given.HasCompileWeight ? given.CompileWeight : defaults.CompileWeight,
            Temperature = given.HasTemperature ? given.Temperature : 0.8f,
            TopK = given.HasTopK ? given.TopK : 40,
            TopP = given.HasTopP ? given.TopP : 0.95f,
            MaxStepTokens = given.HasMaxStepTokens ? given.MaxStepTokens : 160,
            MaxProgramTokens = given.HasMaxProgramTokens ? given.MaxProgramTokens : 512,
            ProcessRewardWeight = given.HasProcessRewardWeight ? given.ProcessRewardWeight : defaults.ProcessRewardWeight,
            Exhaust = given.Exhaust,
        };
        ThrowUnless(options.InFlight is >= 1 and <= 64, "options.in_flight", options.InFlight, "a whole number from 1 to 64");
        ThrowUnless(options.Exploration is >= 0 and <= 100, "options.exploration", options.Exploration, "a number in [0, 100]");
        ThrowUnless(options.SamplesPerExpansion is >= 1 and <= 16, "options.samples_per_expansion", options.SamplesPerExpansion, "a whole number from 1 to 16");
        ThrowUnless(options.MaxDepth is >= 1 and <= 32, "options.max_depth", options.MaxDepth, "a whole number from 1 to 32");
        ThrowUnless(options.CompileWeight is >= 0 and <= 1, "options.compile_weight", options.CompileWeight, "a number in [0, 1]");
        ThrowUnless(options.Temperature is > 0 and <= 5, "options.temperature", options.Temperature, "a number in (0, 5]");
        ThrowUnless(options.TopK >= 0, "options.top_k", options.TopK, "a whole number of at least 0 (0: off)");
        ThrowUnless(options.TopP is > 0 and <= 1, "options.top_p", options.TopP, "a number in (0, 1]");
        ThrowUnless(options.MaxStepTokens is >= 8 and <= 4096, "options.max_step_tokens", options.MaxStepTokens, "a whole number from 8 to 4096");
        ThrowUnless(options.MaxProgramTokens is >= 16 and <= 8192, "options.max_program_tokens", options.MaxProgramTokens, "a whole number from 16 to 8192");
        ThrowUnless(options.ProcessRewardWeight is >= 0 and <= 1, "options.process_reward_weight", options.ProcessRewardWeight, "a number in [0, 1]");
        return options;
    }
}
