using Grpc.Core;
using O1Coder.Sandbox.Judging;
using O1Coder.Sandbox.Programs;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Measures programs for the efficiency and readability rewards.</summary>
internal sealed class Measurement(BoxRunner boxes, SingleTest tests, ProgramPreparation preparation)
{
    private const string CpuUnit = "cpu";

    /// <summary>Measures a program that was run.</summary>
    /// <exception cref="RpcException">As of <see cref="TestRunner"/>.</exception>
    public async Task<ProgramMetrics> MeasureAsync(
        ExecuteRequest request, ExecuteResponse response, IReadyProgram? checker, BoxLimits limits, ProgramTurn turn, CancellationToken cancellationToken) => new()
        {
            CpuSeconds = response.Usage.CpuSeconds,
            PeakMemoryBytes = response.Usage.PeakMemoryBytes,
            RelativeCost = request.ReferenceProgram.Length > 0 ? await RelativeCostAsync(request, response, checker, limits, turn, cancellationToken) : 0,
            CostUnit = CpuUnit,
            Lines = SourceMeasure.Lines(request.Program, request.Language),
            CyclomaticComplexity = request.Language == Language.Python
            ? await ComplexityAsync(request.Program, turn, cancellationToken)
            : SourceMeasure.ComplexityByTokens(request.Program, request.Language),
        };

    private async Task<int> ComplexityAsync(string program, ProgramTurn turn, CancellationToken cancellationToken)
    {
        using var box = await turn.TakeBoxAsync(cancellationToken);
        var facts = await boxes.RunAsync(new BoxRequest(program, BoxMode.Inspect, ReadOnlyMemory<byte>.Empty, boxes.OwnLimits), cancellationToken);
        return SourceMeasure.Complexity(facts.Channel);
    }

    // The reference runs on the tests that the program ran on; where it fails one, it is no measure.
    private async Task<double> RelativeCostAsync(
        ExecuteRequest request, ExecuteResponse response, IReadyProgram? checker, BoxLimits limits, ProgramTurn turn, CancellationToken cancellationToken)
    {
        using var reference = await preparation.PrepareAsync(request.Language, request.ReferenceProgram, request.Entry, turn, cancellationToken);
        var seconds = 0.0;
        foreach (var index in response.Results.Select(result => result.Index))
        {
            var (facts, result) = await tests.RunAsync(request, reference, checker, limits, turn, index, cancellationToken);
            seconds += facts.Cpu;
            if (result.Verdict != Verdict.Accepted)
            {
                response.Message += $"; the reference program comes to {result.Verdict} on test {index + 1}";
                return 0;
            }
        }

        return seconds > 0 ? response.Usage.CpuSeconds / seconds : 0;
    }
}
