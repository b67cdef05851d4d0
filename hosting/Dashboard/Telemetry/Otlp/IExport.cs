using Grpc.Core;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>The one method of OTLP's services. gRPC binds only methods that are virtual, which this makes those of sealed classes.</summary>
internal interface IExport<TRequest, TResponse>
{
    /// <summary>Takes a request and says what of it was rejected.</summary>
    Task<TResponse> Export(TRequest request, ServerCallContext context);
}
