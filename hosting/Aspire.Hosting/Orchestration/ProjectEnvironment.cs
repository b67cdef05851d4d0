using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The variables that tell an ASP.NET Core project where to listen and how to write to the console.</summary>
internal static class ProjectEnvironment
{
    public static void Set(EnvironmentCallbackContext context)
    {
        if (context.ExecutionContext.IsPublishMode)
        {
            SetForDeployment(context);
            return;
        }

        context.EnvironmentVariables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        context.EnvironmentVariables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";

        // An endpoint whose port is told by a variable of its own is for the project to open.
        ReferenceExpression? urls = null;
        foreach (var endpoint in ((IResourceWithEndpoints)context.Resource).GetEndpoints().Where(candidate =>
            candidate.Scheme is "http" or "https" && candidate.EndpointAnnotation.TargetPortEnvironmentVariable is null))
        {
            var url = endpoint.Property(EndpointProperty.Url);
            urls = urls is null ? ReferenceExpression.Create($"{url}") : ReferenceExpression.Create($"{urls};{url}");
            if (endpoint.IsHttps)
            {
                context.EnvironmentVariables.TryAdd("ASPNETCORE_HTTPS_PORT", endpoint.Property(EndpointProperty.Port));
            }
        }

        if (urls is not null)
        {
            context.EnvironmentVariables["ASPNETCORE_URLS"] = urls;
        }
    }

    // In a container a project listens on every address.
    private static void SetForDeployment(EnvironmentCallbackContext context)
    {
        ReferenceExpression? ports = null;
        foreach (var endpoint in ((IResourceWithEndpoints)context.Resource).GetEndpoints().Where(candidate =>
            candidate.Scheme == "http" && candidate.EndpointAnnotation.TargetPortEnvironmentVariable is null))
        {
            var port = endpoint.Property(EndpointProperty.TargetPort);
            ports = ports is null ? ReferenceExpression.Create($"{port}") : ReferenceExpression.Create($"{ports};{port}");
        }

        if (ports is not null)
        {
            context.EnvironmentVariables["HTTP_PORTS"] = ports;
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }
    }
}
