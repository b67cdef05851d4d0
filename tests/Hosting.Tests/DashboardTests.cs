using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace O1Coder.Hosting.Tests;

/// <summary>The dashboard as a resource: how it is started and what it and the others are told. A program of the tests stands in its place.</summary>
public sealed class DashboardTests
{
    [Fact]
    public async Task ItIsToldWhereThingsAreAndItsLoginIsPrinted()
    {
        using var log = new CollectedLog();
        await using var test = With(log);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        test.Builder.Configuration["ASPNETCORE_URLS"] = $"http://localhost:{port}";
        test.Builder.Configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] = "a+b/c";
        var api = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithHttpEndpoint();
        await test.StartAsync();
        await test.Notifications.WaitForResourceHealthyAsync(DashboardResource.ResourceName, TestApplication.Limit);
        Assert.True(test.Notifications.TryGetCurrentState(DashboardResource.ResourceName, out var dashboard));
        Assert.True(dashboard.Snapshot.IsHidden);

        // The port was taken, so another one is, and a line says so.
        var login = log.Lines.Single(line => line.StartsWith("Login to the dashboard at http://localhost:", StringComparison.Ordinal));
        Assert.EndsWith("/login?t=a%2Bb%2Fc", login, StringComparison.Ordinal);
        Assert.DoesNotContain($":{port}/", login, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.StartsWith($"Port {port} for 'http' of resource 'aspire-dashboard' is in use", StringComparison.Ordinal));

        using var client = new HttpClient();
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>(
            $"{Url(test, DashboardResource.FrontEnd)}/environment", TestApplication.Limit);
        Assert.Equal(Url(test, DashboardResource.OtlpGrpc), environment!["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]);
        Assert.Equal(Url(test, DashboardResource.OtlpHttp), environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"]);
        Assert.Equal("a+b/c", environment["DASHBOARD__FRONTEND__BROWSERTOKEN"]);
        Assert.Equal("ApiKey", environment["DASHBOARD__OTLP__AUTHMODE"]);
        var service = test.App.Services.GetRequiredService<ResourceServiceHost>();
        Assert.Equal(service.Url, environment["DOTNET_RESOURCE_SERVICE_ENDPOINT_URL"]);
        Assert.Equal(service.Key, environment["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"]);
        Assert.DoesNotContain("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", environment.Keys);

        await test.ReachAsync("api", KnownResourceStates.Running);
        Assert.True(test.Notifications.TryGetCurrentState("api", out var running));
        var variables = running.Snapshot.EnvironmentVariables.ToDictionary(variable => variable.Name);
        Assert.Equal(Url(test, DashboardResource.OtlpGrpc), variables["OTEL_EXPORTER_OTLP_ENDPOINT"].Value);
        Assert.Equal($"x-otlp-api-key={environment["DASHBOARD__OTLP__PRIMARYAPIKEY"]}", variables["OTEL_EXPORTER_OTLP_HEADERS"].Value);
        Assert.True(variables["OTEL_EXPORTER_OTLP_HEADERS"].IsSecret);
        Assert.Equal(api.GetEndpoint("http").Url, variables["ASPNETCORE_URLS"].Value);
    }

    [Fact]
    public async Task WithADashboardAFailedDependencyIsWaitedForAndAMissingValueShown()
    {
        using var log = new CollectedLog();
        await using var test = With(log);
        test.Builder.Configuration["ASPNETCORE_URLS"] = "http://localhost:0";
        var bad = test.Script("bad", "[ -e fixed ] && sleep 600; exit 3").WithHealthCheck("fixed");
        test.Builder.Services.AddHealthChecks().AddCheck("fixed", () => File.Exists(Path.Combine(test.Folder, "fixed")) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        test.Script("patient", "sleep 600").WaitFor(bad);
        var absent = test.Builder.AddParameter("absent");
        test.Script("needy", "sleep 600").WithEnvironment("ABSENT", absent);
        await test.StartAsync();
        await test.ReachAsync("bad", KnownResourceStates.Exited);
        await test.ReachAsync("absent", KnownResourceStates.ValueMissing);
        await test.ReachAsync("needy", KnownResourceStates.FailedToStart);
        Assert.Contains(await test.LogAsync("needy"), line => line.Content.Contains("'Parameters:absent'", StringComparison.Ordinal));
        await test.ReachAsync("patient", KnownResourceStates.Waiting);
        await File.WriteAllTextAsync(Path.Combine(test.Folder, "fixed"), "", TestApplication.Limit);
        Assert.True((await test.App.ResourceCommands.ExecuteCommandAsync("bad", KnownResourceCommands.StartCommand, TestApplication.Limit)).Success);
        await test.ReachAsync("patient", KnownResourceStates.Running);
    }

    [Theory]
    [InlineData(true, "http://localhost:0")]
    [InlineData(false, null)]
    [InlineData(false, "http://localhost:0")]
    public async Task WithoutProgramOrAddressTheSystemStartsWithoutOne(bool disabled, string? address)
    {
        using var log = new CollectedLog();
        await using var test = With(log, disabled);
        test.Builder.Configuration["ASPNETCORE_URLS"] = address;
        test.Builder.Configuration["ASPIRE_DASHBOARD_PATH"] = disabled ? new Projects.Hosting_Tests_Fixtures().TargetPath : "/nowhere/Dashboard.dll";
        test.Script("worker", "sleep 600");
        await test.StartAsync();
        await test.ReachAsync("worker", KnownResourceStates.Running);
        Assert.False(test.Notifications.TryGetCurrentState(DashboardResource.ResourceName, out _));
        Assert.Equal(!disabled && address is not null,
            log.Lines.Any(line => line == "There is no dashboard: /nowhere/Dashboard.dll is not there."));
    }

    private static string Url(TestApplication test, string endpoint) =>
        test.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<DashboardResource>().Single().GetEndpoint(endpoint).Url;

    private static TestApplication With(CollectedLog log, bool disabled = false)
    {
        var test = new TestApplication(disableDashboard: disabled);
        test.Builder.Services.AddLogging(logging => logging.AddProvider(log));
        test.Builder.Configuration["ASPIRE_DASHBOARD_PATH"] = new Projects.Hosting_Tests_Fixtures().TargetPath;
        return test;
    }
}
