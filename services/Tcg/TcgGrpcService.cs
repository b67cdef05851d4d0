using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace O1Coder.Tcg;

/// <summary>The gRPC face of the service.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the gRPC server.")]
internal sealed class TcgGrpcService(
    ProgramRuns runs, GenerationSlots slots, ReferenceMode references, AgreementMode agreement) : V1.TcgService.TcgServiceBase
{
    /// <inheritdoc/>
    public override async Task GenerateTests(
        V1.GenerateTestsRequest request, IServerStreamWriter<V1.GenerateTestsResponse> responseStream, ServerCallContext context)
    {
        var job = GenerateRequestReader.Read(request);
        using var place = slots.Enter();
        var cancellationToken = context.CancellationToken;
        var began = Stopwatch.GetTimestamp();
        await runs.ThrowUnlessIsolatedAsync(cancellationToken);
        var progress = new GenerationProgress(
            (one, token) => responseStream.WriteAsync(new V1.GenerateTestsResponse { Progress = one }, token));
        var result = await GenerateAsync(job, progress, cancellationToken);
        await responseStream.WriteAsync(
            new V1.GenerateTestsResponse
            {
                Finished = new V1.TcgFinished
                {
                    Tests = { result.Tests },
                    Counts = progress.Counts,
                    GeneratedTokens = progress.Tokens,
                    Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
                    Model = result.Model,
                },
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task BuildTcgData(
        V1.BuildTcgDataRequest request, IServerStreamWriter<V1.BuildTcgDataResponse> responseStream, ServerCallContext context)
    {
        foreach (var example in TrainingData.Build(TrainingRequestReader.Read(request)))
        {
            await responseStream.WriteAsync(new V1.BuildTcgDataResponse { Example = example }, context.CancellationToken);
        }
    }

    private async Task<GenerationResult> GenerateAsync(GenerationJob job, GenerationProgress progress, CancellationToken cancellationToken)
    {
        using var span = TcgTelemetry.Begin(job);
        try
        {
            return job.Problem.ReferenceSolutions.Count > 0
                ? await references.RunAsync(job, progress, cancellationToken)
                : await agreement.RunAsync(job, progress, cancellationToken);
        }
        finally
        {
            TcgTelemetry.Count(job, progress);
        }
    }
}
