using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>The dashboard, which the AppHost starts beside the resources of the model.</summary>
/// <param name="program">Its program.</param>
internal sealed class DashboardResource(string program)
    : ExecutableResource(ResourceName, "dotnet", Path.GetDirectoryName(program)!)
{
    /// <summary>The name by which it is found.</summary>
    public const string ResourceName = "aspire-dashboard";

    /// <summary>The endpoint of its pages.</summary>
    public const string FrontEnd = "http";

    /// <summary>The endpoint that takes telemetry over gRPC.</summary>
    public const string OtlpGrpc = "otlp-grpc";

    /// <summary>The endpoint that takes telemetry over HTTP.</summary>
    public const string OtlpHttp = "otlp-http";

    /// <summary>Its program.</summary>
    public string Program { get; } = program;
}
