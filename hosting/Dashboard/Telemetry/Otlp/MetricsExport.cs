using Grpc.Core;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Takes points of metrics over gRPC.</summary>
[BindServiceMethod(typeof(MetricsExport), nameof(Bind))]
internal sealed class MetricsExport(TelemetryReceiver receiver) : IExport<ExportMetricsServiceRequest, ExportMetricsServiceResponse>
{
    private static readonly Method<ExportMetricsServiceRequest, ExportMetricsServiceResponse> s_export =
        OtlpGrpc.Export<ExportMetricsServiceRequest, ExportMetricsServiceResponse>(MetricsService.Descriptor.FullName, ExportMetricsServiceRequest.Parser);

    /// <summary>Tells gRPC of the method.</summary>
    public static void Bind(ServiceBinderBase binder, MetricsExport? service) => binder.AddMethod(s_export, service is null ? null : service.Export);

    /// <inheritdoc/>
    public Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context) => Task.FromResult(receiver.Receive(request));
}
