using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>Has programs of one problem measured beside its reference solution.</summary>
/// <param name="sandbox">Runs them.</param>
/// <param name="capabilities">What the sandbox offers.</param>
/// <param name="tests">All tests of the problem.</param>
/// <param name="reference">The reference solution; null for none.</param>
internal sealed class ProgramMeasures(
    SandboxRunner sandbox, V1.GetCapabilitiesResponse capabilities, IReadOnlyList<TestCase> tests, string? reference)
{
    /// <summary>What a program costs; null where the sandbox could not tell.</summary>
    /// <exception cref="Grpc.Core.RpcException">Sandbox failed for good.</exception>
    public async Task<ProgramCosts?> OfAsync(string program, CancellationToken cancellationToken) =>
        CostsOf((await sandbox.MeasureAsync(program, tests, reference, capabilities, cancellationToken)).Metrics);

    /// <summary>What the reference solution costs; null without one.</summary>
    /// <exception cref="Grpc.Core.RpcException">Sandbox failed for good.</exception>
    public async Task<ProgramCosts?> OfReferenceAsync(CancellationToken cancellationToken) => reference is null
        ? null
        : CostsOf((await sandbox.MeasureAsync(reference, tests, null, capabilities, cancellationToken)).Metrics);

    private static ProgramCosts? CostsOf(V1.ProgramMetrics? metrics) => metrics is null ? null : new ProgramCosts
    {
        CpuSeconds = metrics.CpuSeconds,
        Instructions = metrics.Instructions,
        RelativeCost = metrics.RelativeCost,
        CostUnit = metrics.CostUnit,
        Lines = metrics.Lines,
        CyclomaticComplexity = metrics.CyclomaticComplexity,
    };
}
