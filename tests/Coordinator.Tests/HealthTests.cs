using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task It_is_ready_but_degraded_while_what_searches_need_does_not_answer()
    {
        await using var policy = await ServiceHost.StartAsync(new ScriptedPolicy());
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:policy:http:0"] = policy.Address,
            ["services:sandbox:http:0"] = $"http://127.0.0.1:{FreePort.Find()}",
            ["ConnectionStrings:redis"] = $"127.0.0.1:{FreePort.Find()}",
            [ClusterOptions.ModeVariable] = "none",
        });
        builder.AddServiceDefaults().AddCoordinator().AddDependencyChecks();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(HealthStatus.Healthy, report.Entries["policy"].Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["sandbox"].Status);
        Assert.StartsWith("sandbox: ", report.Entries["sandbox"].Description, StringComparison.Ordinal);
        Assert.Equal((HealthStatus.Degraded, "redis does not answer: values stay in this process"),
            (report.Entries["redis"].Status, report.Entries["redis"].Description));
    }
}
