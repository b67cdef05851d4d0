using Grpc.Core;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Takes spans over gRPC.</summary>
[BindServiceMethod(typeof(TraceExport), nameof(Bind))]
internal sealed class TraceExport(TelemetryReceiver receiver) : IExport<ExportTraceServiceRequest, ExportTraceServiceResponse>
{
    private static readonly Method<ExportTraceServiceRequest, ExportTraceServiceResponse> s_export =
        OtlpGrpc.Export<ExportTraceServiceRequest, ExportTraceServiceResponse>(TraceService.Descriptor.FullName, ExportTraceServiceRequest.Parser);

    /// <summary>Tells gRPC of the method.</summary>
    public static void Bind(ServiceBinderBase binder, TraceExport? service) => binder.AddMethod(s_export, service is null ? null : service.Export);

    /// <inheritdoc/>
    public Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context) => Task.FromResult(receiver.Receive(request));
}
