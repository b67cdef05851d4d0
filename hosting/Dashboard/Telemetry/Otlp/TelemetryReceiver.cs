using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Persistence;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Where all ways in come together: what arrives goes to the store and, when asked for, to the archive.</summary>
internal sealed class TelemetryReceiver(TelemetryIngest ingest, TelemetryArchive archive)
{
    /// <summary>Takes spans and answers.</summary>
    public ExportTraceServiceResponse Receive(ExportTraceServiceRequest request)
    {
        archive.Keep(Signal.Traces, request);
        var rejections = ingest.Take(request);
        return rejections.Count == 0
            ? new ExportTraceServiceResponse()
            : new ExportTraceServiceResponse { PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = rejections.Count, ErrorMessage = rejections.Message } };
    }

    /// <summary>Takes log lines and answers.</summary>
    public ExportLogsServiceResponse Receive(ExportLogsServiceRequest request)
    {
        archive.Keep(Signal.Logs, request);
        var rejections = ingest.Take(request);
        return rejections.Count == 0
            ? new ExportLogsServiceResponse()
            : new ExportLogsServiceResponse { PartialSuccess = new ExportLogsPartialSuccess { RejectedLogRecords = rejections.Count, ErrorMessage = rejections.Message } };
    }

    /// <summary>Takes points of metrics and answers.</summary>
    public ExportMetricsServiceResponse Receive(ExportMetricsServiceRequest request)
    {
        archive.Keep(Signal.Metrics, request);
        var rejections = ingest.Take(request);
        return rejections.Count == 0
            ? new ExportMetricsServiceResponse()
            : new ExportMetricsServiceResponse { PartialSuccess = new ExportMetricsPartialSuccess { RejectedDataPoints = rejections.Count, ErrorMessage = rejections.Message } };
    }
}
