using Google.Protobuf;
using Grpc.Core;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Checks a request and fills in the defaults that selfplay.proto documents.</summary>
internal static class PlayRequestReader
{
    /// <summary>The name of 32-bit base weights.</summary>
    public const string Float32 = "float32";

    private const string Bfloat16 = "bfloat16";
    private const int LongestRunName = 64;
    private const int MostReferences = 30;

    /// <summary>The plan of a valid request.</summary>
    /// <exception cref="RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static PlayPlan Read(V1.PlayRequest request)
    {
        ThrowUnless(
            request.Run.Length <= LongestRunName && request.Run.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'),
            "run", request.Run, $"at most {LongestRunName} letters, digits, '-' and '_'");
        ThrowUnless(request.Run != RunsFolder.Latest, "run", request.Run, "another name: this one points to the newest run");
        ThrowUnless(request.Problems.Count > 0, "problems", "empty", "at least one problem to learn from");
        ThrowUnless(request.EvaluationProblems.Count > 0, "evaluation_problems", "empty", "at least one problem that only evaluations see");
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        CheckAll(request.Problems, "problems", ids);
        CheckAll(request.EvaluationProblems, "evaluation_problems", ids);
        var settings = ReadSettings(request.Settings ?? new V1.SelfPlaySettings(), out var limits);
        var evaluation = request.EvaluationProblems.Take(limits.EvaluationProblems).ToList();
        return new PlayPlan
        {
            Run = request.Run,
            Problems = request.Problems,
            EvaluationProblems = evaluation,
            Settings = settings,
            Limits = limits,
            ProblemsHash = HashOf(request.Problems, evaluation),
        };
    }

    private static void CheckAll(Google.Protobuf.Collections.RepeatedField<V1.Problem> problems, string field, Dictionary<string, string> ids)
    {
        for (var i = 0; i < problems.Count; i++)
        {
            var name = $"{field}[{i}]";
            try
            {
                ProblemReading.Read(problems[i]);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
            {
                var rest = error.Status.Detail.StartsWith("problem", StringComparison.Ordinal) ? error.Status.Detail["problem".Length..] : $": {error.Status.Detail}";
                throw new RpcException(new Status(StatusCode.InvalidArgument, name + rest));
            }

            ThrowUnless(
                problems[i].VisibleTests.Count > 0, $"{name}.visible_tests", "empty", "at least one test");
            ThrowUnless(
                problems[i].ReferenceSolutions.Count <= MostReferences, $"{name}.reference_solutions",
                $"{problems[i].ReferenceSolutions.Count} programs", $"at most {MostReferences}");
            ThrowUnless(
                ids.TryAdd(problems[i].Id, name), $"{name}.id", problems[i].Id, $"an id that no other problem has; {ids.GetValueOrDefault(problems[i].Id)} has it");
        }
    }

    private static V1.SelfPlaySettings ReadSettings(V1.SelfPlaySettings given, out PlayLimits limits)
    {
        limits = given.Quick ? PlayLimits.Quick : PlayLimits.Full;
        ThrowUnless(given.Rows is >= 0 and <= 100_000, "settings.rows", given.Rows, "a whole number from 1 to 100000 (0: each part's own default)");
        if (given.Rows > 0)
        {
            limits = limits with { TcgRows = given.Rows, PolicyRows = given.Rows, PrmRows = given.Rows, PreferenceRows = given.Rows };
        }

        ThrowUnless(given.Iterations is >= 0 and <= 1000, "settings.iterations", given.Iterations, "a whole number from 1 to 1000 (0: the default, 1)");
        ThrowUnless(given.Rollouts is >= 0 and <= 10_000, "settings.rollouts", given.Rollouts, $"a whole number from 1 to 10000 (0: the default, {limits.Rollouts})");
        if (given.Rollouts > 0)
        {
            limits = limits with { EvaluationRollouts = Math.Min(limits.EvaluationRollouts, given.Rollouts) };
        }

        ThrowUnless(Enum.IsDefined(given.Prm), "settings.prm", (int)given.Prm, "1 (hard), 2 (soft) or 3 (pairs)");
        ThrowUnless(Enum.IsDefined(given.RewardSchedule), "settings.reward_schedule", (int)given.RewardSchedule, "1 (linear), 2 (logarithmic) or 3 (the paper's code)");
        ThrowUnless(given.Gamma is >= 0 and <= 1, "settings.gamma", given.Gamma, "a number in (0, 1] (0: the default, 0.9)");
        ThrowUnless(given.EvaluationSamples is >= 0 and <= 1024, "settings.evaluation_samples", given.EvaluationSamples, $"a whole number from 1 to 1024 (0: the default, {limits.EvaluationSamples})");
        ThrowUnless(given.BasePrecision is "" or Bfloat16 or Float32, "settings.base_precision", given.BasePrecision, $"{Bfloat16} or {Float32}");
        var settings = new V1.SelfPlaySettings
        {
            Iterations = Or(given.Iterations, 1),
            Quick = given.Quick,
            Seed = given.Seed,
            Rollouts = Or(given.Rollouts, limits.Rollouts),
            Prm = given.Prm == V1.PrmTraining.Unspecified ? V1.PrmTraining.Soft : given.Prm,
            RewardSchedule = given.RewardSchedule == V1.RewardSchedule.Unspecified ? V1.RewardSchedule.Linear : given.RewardSchedule,
            Gamma = given.Gamma == 0 ? 0.9 : given.Gamma,
            EvaluationSamples = Or(given.EvaluationSamples, limits.EvaluationSamples),
            BasePrecision = given.BasePrecision.Length == 0 ? Bfloat16 : given.BasePrecision,
            Rows = given.Rows,
            Rewards = given.Rewards,
        };
        try
        {
            PlayRewards.OptionsOf(settings);
        }
        catch (ArgumentException error)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"settings.rewards: {error.Message}"));
        }

        return settings;
    }

    private static int Or(int value, int fallback) => value == 0 ? fallback : value;

    private static string HashOf(IEnumerable<V1.Problem> problems, IEnumerable<V1.Problem> evaluation)
    {
        // The messages have no map field, so that their bytes are a function of their content.
        var all = new V1.PlayRequest();
        all.Problems.AddRange(problems);
        all.EvaluationProblems.AddRange(evaluation);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(all.ToByteArray()));
    }
}
