using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Hosting.Tests;

/// <summary>What the AppHost asks services over HTTP and gRPC.</summary>
public sealed class HttpTests
{
    [Fact]
    public async Task APortThatSpeaksHttp2OnlyIsAskedForItsHealthBothWays()
    {
        await using var test = new TestApplication();
        var service = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("service").WithHttpEndpoint().AsHttp2Service()
            .WithEnvironment("GRPC", "1").WithHttpHealthCheck("/health").WithGrpcHealthCheck();
        test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("stranger").WithHttpEndpoint().WithGrpcHealthCheck("Nobody");
        await test.StartAsync();
        var reached = await test.Notifications.WaitForResourceHealthyAsync("service", TestApplication.Limit);
        Assert.Equal(["service_http_/health_200_check", "service_http_grpc_check"], reached.Snapshot.HealthReports.Select(report => report.Name));
        Assert.All(reached.Snapshot.HealthReports, report => Assert.True(report is { Status: HealthStatus.Healthy, LastRunAt: not null }));

        // It speaks HTTP/1.1 only.
        var stranger = await test.Notifications.WaitForResourceAsync("stranger",
            change => change.Snapshot.HealthReports.Any(report => report.Status is not null), TestApplication.Limit);
        Assert.Contains("does not answer grpc.health.v1", stranger.Snapshot.HealthReports.Single().Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, stranger.Snapshot.HealthStatus);
    }

    [Fact]
    public async Task ACommandSendsARequest()
    {
        await using var test = new TestApplication();
        test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("service").WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithHttpCommand("/greet", "Greet", commandName: "greet", commandOptions: new HttpCommandOptions
            {
                PrepareRequest = context =>
                {
                    context.Request.Headers.Add("X-Name", "Ada");
                    return Task.CompletedTask;
                },
                GetCommandResult = async context => CommandResults.Success(await context.Response.Content.ReadAsStringAsync()),
            })
            .WithHttpCommand("/nowhere", "Lost", commandName: "lost")
            .WithUrls(context => context.Urls.Add(new ResourceUrlAnnotation { Url = "/docs", DisplayText = "Docs", DisplayOrder = 5 }))
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
        await test.StartAsync();
        var healthy = await test.Notifications.WaitForResourceHealthyAsync("service", TestApplication.Limit);
        Assert.Equal(["Docs", ""], healthy.Snapshot.Urls.Select(url => url.DisplayProperties.DisplayName));
        Assert.Equal([false, true], healthy.Snapshot.Urls.Select(url => url.IsInternal));
        Assert.EndsWith("/docs", healthy.Snapshot.Urls[0].Url, StringComparison.Ordinal);
        var greeted = await test.App.ResourceCommands.ExecuteCommandAsync("service", "greet", TestApplication.Limit);
        Assert.Equal("hello Ada", greeted.Message);
        var lost = await test.App.ResourceCommands.ExecuteCommandAsync("service", "lost", TestApplication.Limit);
        Assert.Contains("/nowhere answered 404", lost.Message, StringComparison.Ordinal);
    }
}
