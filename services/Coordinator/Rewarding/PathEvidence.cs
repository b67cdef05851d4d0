using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>Gathers what paths are rewarded for: what their rows say, and what the options make it worth to measure.</summary>
internal static class PathEvidence
{
    /// <summary>The evidence on each path, in their order, without process rewards.</summary>
    /// <param name="sandbox">Measures programs.</param>
    /// <param name="options">What is rewarded: what has no weight is not measured.</param>
    /// <param name="problem">The problem, with its solutions.</param>
    /// <param name="rows">Paths of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Grpc.Core.RpcException">Sandbox failed for good.</exception>
    public static async Task<IReadOnlyList<RewardEvidence>> OfAsync(
        SandboxRunner sandbox, RewardOptions options, V1.Problem problem, IReadOnlyList<PathRow> rows, CancellationToken cancellationToken)
    {
        var evidence = rows.Select(FromRow).ToList();
        var read = ProblemReading.Read(problem);
        if (options.ConditionsWeight > 0)
        {
            var checker = new ConditionChecker(Z3Solver.Find());
            for (var i = 0; i < rows.Count; i++)
            {
                evidence[i] = evidence[i] with { Conditions = await checker.CheckAsync(read, rows[i].Program, cancellationToken) };
            }
        }

        if (!options.Measures)
        {
            return evidence;
        }

        // A program that fails a test has no part in these rewards, so that only those that pass are measured.
        var measures = new ProgramMeasures(
            sandbox, await sandbox.GetCapabilitiesAsync(cancellationToken), [.. read.VisibleTests, .. read.HiddenTests], problem.ReferenceSolutions.FirstOrDefault());
        var reference = rows.Any(row => row.Passes) ? await measures.OfReferenceAsync(cancellationToken) : null;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Passes)
            {
                evidence[i] = evidence[i] with { Costs = await measures.OfAsync(rows[i].Program, cancellationToken), ReferenceCosts = reference };
            }
        }

        return evidence;
    }

    private static RewardEvidence FromRow(PathRow row) => row.Tests is { } tests
        ? new RewardEvidence { Verdict = Enum.Parse<Verdict>(row.Verdict), Visible = tests.Visible, Hidden = tests.Hidden }
        : new RewardEvidence { TestsReward = row.Reward };
}
