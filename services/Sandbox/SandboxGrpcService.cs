using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.Sandbox.Languages;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>The gRPC face of the sandbox.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the gRPC server.")]
internal sealed class SandboxGrpcService(
    Launcher launcher, TestRunner runner, Admission admission, IdempotentAnswers answers, BatchRunner batches, Toolchains toolchains,
    IOptions<SandboxOptions> options)
    : SandboxService.SandboxServiceBase
{
    /// <inheritdoc/>
    public override async Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context)
    {
        var limits = RequestValidation.Check(request, options.Value);
        using var call = admission.Enter();
        return await answers.GetAsync(request,
            token => runner.RunAsync(request, limits, call.AddProgram(), _ => Task.CompletedTask, token), context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task ExecuteBatch(
        IAsyncStreamReader<ExecuteBatchRequest> requestStream, IServerStreamWriter<ExecuteBatchResponse> responseStream, ServerCallContext context) =>
        batches.RunAsync(requestStream, responseStream, context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (report, settings) = (launcher.Report, options.Value);
        var found = await toolchains.FindAsync(context.CancellationToken);
        return new GetCapabilitiesResponse
        {
            Languages = { Language.Python, found.Keys.Order() },
            Toolchains =
            {
                new Toolchain { Language = Language.Python, Version = report.Version, Path = report.Python },
                found.OrderBy(pair => pair.Key).Select(pair => new Toolchain { Language = pair.Key, Version = pair.Value.Version, Path = pair.Value.Path }),
            },
            Missing =
            {
                Languages.Toolchains.Definitions.Where(definition => !found.ContainsKey(definition.Language)).OrderBy(definition => definition.Language)
                    .Select(definition => new MissingLanguage { Language = definition.Language, Install = definition.Install }),
            },
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
        };
    }
}
