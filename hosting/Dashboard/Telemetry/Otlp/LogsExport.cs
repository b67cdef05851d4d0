using Grpc.Core;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Takes log lines over gRPC.</summary>
[BindServiceMethod(typeof(LogsExport), nameof(Bind))]
internal sealed class LogsExport(TelemetryReceiver receiver) : IExport<ExportLogsServiceRequest, ExportLogsServiceResponse>
{
    private static readonly Method<ExportLogsServiceRequest, ExportLogsServiceResponse> s_export =
        OtlpGrpc.Export<ExportLogsServiceRequest, ExportLogsServiceResponse>(LogsService.Descriptor.FullName, ExportLogsServiceRequest.Parser);

    /// <summary>Tells gRPC of the method.</summary>
    public static void Bind(ServiceBinderBase binder, LogsExport? service) => binder.AddMethod(s_export, service is null ? null : service.Export);

    /// <inheritdoc/>
    public Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context) => Task.FromResult(receiver.Receive(request));
}
