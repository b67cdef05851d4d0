namespace Aspire.Hosting.Dashboard;

/// <summary>The variables, and so the configuration keys, by which AppHost and dashboard are told where things are.</summary>
internal static class DashboardVariables
{
    /// <summary>Where the dashboard's pages are; there is no dashboard without it.</summary>
    public const string FrontEnd = "ASPNETCORE_URLS";

    /// <summary>Where the dashboard takes telemetry over gRPC.</summary>
    public const string OtlpGrpc = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";

    /// <summary>Where the dashboard takes telemetry over HTTP.</summary>
    public const string OtlpHttp = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";

    /// <summary>Where the AppHost tells of its resources, as the AppHost reads it.</summary>
    public const string ResourceService = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>The same, as the dashboard reads it.</summary>
    public const string ResourceServiceOfDashboard = "DOTNET_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>What a browser has to present; made up for each run where it is not set.</summary>
    public const string BrowserToken = "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN";

    /// <summary>The dashboard's program, in place of the one that the build told of.</summary>
    public const string Program = "ASPIRE_DASHBOARD_PATH";

    /// <summary>Those of the AppHost's own environment that are not for its resources.</summary>
    public static IReadOnlyList<string> NotInherited { get; } =
        [FrontEnd, OtlpGrpc, OtlpHttp, ResourceService, BrowserToken, Program, "DOTNET_LAUNCH_PROFILE"];
}
