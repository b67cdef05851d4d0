using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace O1Coder.Hosting.Tests;

/// <summary>Applications under test.</summary>
public sealed class TestingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");

    // Its entry point is that of an AppHost with the resources "first" and "second".
    private static Type AppHost { get; } = Assembly.LoadFrom(new Projects.Hosting_Tests_Fixtures().TargetPath).EntryPoint!.DeclaringType!;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AnAppHostsResourcesCanBeChangedBeforeTheyStart()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(AppHost, ["apphost", _folder.FullName], TestApplication.Limit);
        Assert.Equal(["first", "second"], builder.Resources.Select(resource => resource.Name));
        Assert.True(builder.Environment.IsDevelopment());
        Assert.Equal(AppHost.Assembly, builder.AppHostAssembly);
        builder.Resources.Remove(builder.Resources.Single(resource => resource.Name == "second"));
        var first = builder.CreateResourceBuilder((ExecutableResource)builder.Resources.Single());
        builder.AddExecutable("third", "bash", _folder.FullName, "-c", "sleep 600").WaitFor(first);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        await using var app = await builder.BuildAsync(TestApplication.Limit);
        Assert.Same(app, await builder.BuildAsync(TestApplication.Limit));
        await app.StartAsync(TestApplication.Limit);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("third", TestApplication.Limit).WaitAsync(TimeSpan.FromSeconds(30), TestApplication.Limit);
        var pid = await TestApplication.PidAsync(_folder.FullName, "first.pid");
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "second.pid")));
        await app.StopAsync(TestApplication.Limit);
        Assert.False(TestApplication.IsAlive(pid));
    }

    [Fact]
    public async Task AnAppHostThatBuildsNothingIsToldOf()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync(AppHost, ["refuse"], TestApplication.Limit));
        Assert.Equal("The AppHost ended without building an application.", exception.Message);
    }

    [Fact]
    public async Task ABuilderThatIsDisposedOfEndsItsAppHost()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync(AppHost, ["apphost", _folder.FullName], TestApplication.Limit);
        await builder.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => builder.BuildAsync(TestApplication.Limit));
    }

    [Fact]
    public async Task ResourcesAreReachedByTheirNames()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.ProjectDirectory = Repository.Root);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithHttpEndpoint(port: 1).WithHttpHealthCheck("/health");
        builder.AddConnectionString("made", ReferenceExpression.Create($"x={builder.AddParameter("p", "1")}"));
        await using var app = await builder.BuildAsync(TestApplication.Limit);
        Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("api"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("api", "grpc"));
        await app.StartAsync(TestApplication.Limit);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestApplication.Limit);

        // Port 1 was asked for: a test gets a free one.
        Assert.NotEqual(1, app.GetEndpoint("api").Port);
        using var client = app.CreateHttpClient("api");
        Assert.Equal("well", await client.GetStringAsync(new Uri("/health", UriKind.Relative), TestApplication.Limit));
        Assert.Equal("x=1", await app.GetConnectionStringAsync("made", TestApplication.Limit));
    }

    [Fact]
    public async Task AFactoryCallsBackOnTheWay()
    {
        await using var factory = new NotingFactory(_folder.FullName);
        Assert.Throws<InvalidOperationException>(() => factory.GetEndpoint("first"));
        await factory.StartAsync(TestApplication.Limit);
        await factory.StartAsync(TestApplication.Limit);
        Assert.Equal(["creating apphost", "created 0", "building 2", "built"], factory.Notes);
        Assert.True(await TestApplication.PidAsync(_folder.FullName, "first.pid") > 0);
    }

    private sealed class NotingFactory(string folder) : DistributedApplicationFactory(AppHost, ["apphost", folder])
    {
        public List<string> Notes { get; } = [];

        protected override void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions)
        {
            applicationOptions.EnableResourceLogging = false;
            Notes.Add("creating apphost");
        }

        protected override void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder)
        {
            applicationBuilder.Services.AddLogging(logging => logging.ClearProviders());
            Notes.Add($"created {applicationBuilder.Resources.Count}");
        }

        protected override void OnBuilding(DistributedApplicationBuilder applicationBuilder) => Notes.Add($"building {applicationBuilder.Resources.Count}");

        protected override void OnBuilt(DistributedApplication application) => Notes.Add("built");
    }
}
