using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>The gRPC face of the sandbox.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the gRPC server.")]
internal sealed class SandboxGrpcService(Launcher launcher, TestRunner runner, Admission admission, IOptions<SandboxOptions> options)
    : SandboxService.SandboxServiceBase
{
    /// <inheritdoc/>
    public override async Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context)
    {
        var limits = RequestValidation.Check(request, options.Value);
        using var call = admission.Enter();
        return await runner.RunAsync(request, limits, call.AddProgram(), _ => Task.CompletedTask, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context)
    {
        var (report, settings) = (launcher.Report, options.Value);
        return Task.FromResult(new GetCapabilitiesResponse
        {
            Languages = { Language.Python },
            Isolated = report.Error is null,
            Isolation = { report.Isolation },
            Limiter = report.Limiter,
            Python = $"{report.Python} {report.Version}",
            DefaultLimits = new ExecutionLimits
            {
                CpuSeconds = settings.CpuSeconds,
                WallSeconds = settings.WallSeconds,
                MemoryBytes = settings.MemoryBytes,
                Processes = settings.Processes,
                OutputBytes = settings.OutputBytes,
                FileBytes = settings.FileBytes,
                OpenFiles = settings.OpenFiles,
            },
            Concurrency = settings.Concurrency,
        });
    }
}
