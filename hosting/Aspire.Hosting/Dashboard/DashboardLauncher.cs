using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.UserSecrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Adds the dashboard to the resources, tells it where things are, and says where it is. There is none where the options
/// disable it, where nobody said on which address it is to be (<c>ASPNETCORE_URLS</c>, which a launch profile sets), or where
/// its program was not built.
/// </summary>
internal sealed class DashboardLauncher(IConfiguration configuration, DistributedApplicationOptions options, ResourceServiceHost resourceService,
    UserSecretsStore secrets, IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext execution,
    DashboardHealthCheck check, AppHostAssembly appHost, ILogger<DistributedApplication> logger)
{
    private const string OtlpKeyName = "AppHost:OtlpApiKey";

    private DashboardResource? _resource;

    /// <summary>Whether there is one.</summary>
    public bool IsEnabled => IsWanted && File.Exists(Program);

    /// <summary>Where the resources send telemetry over gRPC; null for nowhere. Known once ports are.</summary>
    public string? TelemetryUrl => _resource?.GetEndpoint(DashboardResource.OtlpGrpc) is { IsAllocated: true } endpoint
        ? endpoint.Url
        : configuration[DashboardVariables.OtlpGrpc] is { Length: > 0 } elsewhere ? elsewhere : null;

    /// <summary>What the resources show with their telemetry; null for nothing.</summary>
    public string? TelemetryKey => _resource is not null
        ? secrets.GetOrAdd(OtlpKeyName, NewKey)
        : configuration[OtlpKeyName] is { Length: > 0 } key ? key : null;

    private bool IsWanted => !options.DisableDashboard && execution.IsRunMode && configuration[DashboardVariables.FrontEnd] is { Length: > 0 };

    private string? Program => configuration[DashboardVariables.Program] is { Length: > 0 } path ? path : appHost.Metadata("aspiredashboardpath");

    private string BrowserToken { get; } = configuration[DashboardVariables.BrowserToken] is { Length: > 0 } chosen
        ? chosen
        : configuration["AppHost:BrowserToken"] is { Length: > 0 } configured ? configured : NewKey();

    /// <summary>Adds it to the resources, if there is one.</summary>
    public void AddResource(DistributedApplicationModel model)
    {
        if (IsWanted && !IsEnabled)
        {
            logger.LogWarning("There is no dashboard: {Program} is not there.", Program ?? "the AppHost has no reference to one, and its program");
        }

        if (!IsEnabled)
        {
            return;
        }

        _resource = new DashboardResource(Path.GetFullPath(Program!));
        AddEndpoint(DashboardResource.FrontEnd, FrontEndUrl());
        AddEndpoint(DashboardResource.OtlpGrpc, Url(DashboardVariables.OtlpGrpc));
        AddEndpoint(DashboardResource.OtlpHttp, Url(DashboardVariables.OtlpHttp));
        _resource.Annotations.Add(new HiddenAnnotation());
        _resource.Annotations.Add(new ResourceIconAnnotation("Board"));
        _resource.Annotations.Add(new HealthCheckAnnotation(DashboardHealthCheck.Key));
        _resource.Annotations.Add(new EnvironmentCallbackAnnotation(SetEnvironmentAsync));
        _resource.Annotations.Add(new ProcessAnnotation((_, _) => Task.FromResult(
            new ProcessCommand(ProjectCommand.DotnetPath(), [_resource.Program], _resource.WorkingDirectory))));
        check.FrontEnd = _resource.GetEndpoint(DashboardResource.FrontEnd);
        eventing.Subscribe<ResourceReadyEvent>(_resource, (_, _) =>
        {
            SayWhereItIs();
            return Task.CompletedTask;
        });
        model.Resources.Add(_resource);
    }

    private EndpointReference Endpoint(string name) => new(_resource!, name);

    private void AddEndpoint(string name, Uri? url)
    {
        var endpoint = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, "http", name: name, port: url is { Port: > 0 } ? url.Port : null)
        {
            IsPortPreferred = true,
        };
        if (url is not null && System.Net.IPAddress.TryParse(url.Host, out _))
        {
            endpoint.TargetHost = url.Host;
        }

        _resource!.Annotations.Add(endpoint);
    }

    // "https://localhost:17000;http://localhost:15000": there is no certificate to serve the first with.
    private Uri FrontEndUrl()
    {
        var urls = configuration[DashboardVariables.FrontEnd]!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => Parse(DashboardVariables.FrontEnd, url)).ToArray();
        var chosen = urls.FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp) ?? urls[0];
        if (chosen.Scheme != Uri.UriSchemeHttp)
        {
            logger.LogWarning("The dashboard speaks http: {Url} is not served with TLS.", chosen);
        }

        return chosen;
    }

    private Uri? Url(string variable) => configuration[variable] is { Length: > 0 } url ? Parse(variable, url) : null;

    private static Uri Parse(string variable, string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
        ? parsed
        : throw new DistributedApplicationException($"{variable} is '{url}': expected an address such as http://localhost:15000");

    private Task SetEnvironmentAsync(EnvironmentCallbackContext context)
    {
        var variables = context.EnvironmentVariables;
        variables[DashboardVariables.FrontEnd] = Endpoint(DashboardResource.FrontEnd);
        variables[DashboardVariables.OtlpGrpc] = Endpoint(DashboardResource.OtlpGrpc);
        variables[DashboardVariables.OtlpHttp] = Endpoint(DashboardResource.OtlpHttp);
        variables[DashboardVariables.ResourceServiceOfDashboard] = resourceService.Url ?? "";
        variables["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey";
        variables["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = new SecretText(resourceService.Key);
        variables["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken";
        variables["DASHBOARD__FRONTEND__BROWSERTOKEN"] = new SecretText(BrowserToken);
        variables["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey";
        variables["DASHBOARD__OTLP__PRIMARYAPIKEY"] = new SecretText(TelemetryKey!);
        variables["DASHBOARD__APPLICATIONNAME"] = resourceService.ApplicationName;
        variables["ASPNETCORE_ENVIRONMENT"] = variables["DOTNET_ENVIRONMENT"] = "Production";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        return Task.CompletedTask;
    }

    private void SayWhereItIs()
    {
        var asked = FrontEndUrl().Host;
        var frontEnd = Endpoint(DashboardResource.FrontEnd);
        var url = asked == "localhost" ? string.Create(CultureInfo.InvariantCulture, $"http://localhost:{frontEnd.Port}") : frontEnd.Url;
        var login = $"{url}/login?t={Uri.EscapeDataString(BrowserToken)}";
        logger.LogInformation("Now listening on: {Url}", url);
        logger.LogInformation("Login to the dashboard at {Url}", login);
        logger.LogInformation("Aspire Dashboard:  - Dashboard: {Url}  - Login URL: {Login}  - OTLP/gRPC: {Grpc}  - OTLP/HTTP: {Http}",
            url, login, Endpoint(DashboardResource.OtlpGrpc).Url, Endpoint(DashboardResource.OtlpHttp).Url);
    }

    // Hexadecimal, so that it is the same in an address, a header and a variable.
    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
