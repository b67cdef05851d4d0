using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting.Tests;

/// <summary>.NET projects, by the classes that the build generates.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void TheGeneratedClassKnowsTheProjectAndItsProgram()
    {
        var project = new Projects.Hosting_Tests_Fixtures();
        Assert.EndsWith("tests/Hosting.Tests.Fixtures/Hosting.Tests.Fixtures.csproj", project.ProjectPath, StringComparison.Ordinal);
        Assert.True(File.Exists(project.ProjectPath));
        Assert.True(File.Exists(project.TargetPath));
        Assert.True(((IProjectMetadata)project).SuppressBuild);
        Assert.EndsWith("tests/Hosting.Tests", Projects.Hosting_Tests.ProjectPath, StringComparison.Ordinal);

        // The program is of the configuration that this assembly was built in.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        Assert.Contains($"/{configuration}/", project.TargetPath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryReplicaRunsOnItsOwnPortAndAllHaveToBeHealthy()
    {
        await using var test = new TestApplication();
        var api = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithReplicas(2)
            .WithHttpEndpoint().WithHttpEndpoint(name: "health", env: "HEALTH_PORT")
            .WithHttpHealthCheck("/health", endpointName: "health")
            .WithEnvironment("MY_OWN", "value");
        await test.StartAsync();
        var reached = await test.Notifications.WaitForResourceHealthyAsync("api", TestApplication.Limit);
        Assert.StartsWith("api-", reached.ResourceId, StringComparison.Ordinal);

        using var client = new HttpClient();
        HashSet<string> urls = [];
        foreach (var replica in api.GetEndpoint("http").Allocations)
        {
            var environment = await client.GetFromJsonAsync<Dictionary<string, string>>($"{replica.UriString}/environment", TestApplication.Limit);
            Assert.Equal(replica.UriString, environment!["ASPNETCORE_URLS"]);
            Assert.Equal("value", environment["MY_OWN"]);
            urls.Add(environment["ASPNETCORE_URLS"]);
            var directory = await client.GetStringAsync(new Uri($"{replica.UriString}/directory"), TestApplication.Limit);
            Assert.Equal(Path.GetDirectoryName(new Projects.Hosting_Tests_Fixtures().ProjectPath), directory);
        }

        Assert.Equal(2, urls.Count);
        Assert.Equal(2, reached.Snapshot.Urls.Length);
    }

    [Fact]
    public async Task AProjectThatIsNotThereFailsToStartWithOneLine()
    {
        await using var test = new TestApplication();
        test.Builder.AddProject("absent", "nowhere/Absent.csproj");
        await test.StartAsync();
        await test.ReachAsync("absent", KnownResourceStates.FailedToStart);
        Assert.Contains("nowhere/Absent.csproj' does not exist", Assert.Single(await test.LogAsync("absent")).Content, StringComparison.Ordinal);
    }
}
