using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace O1Coder.Hosting.Tests;

/// <summary>What is told of the application and its resources to code in the AppHost.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task EveryEventComesInItsOrder()
    {
        await using var test = new TestApplication();
        var seen = new ConcurrentQueue<string>();
        test.Builder.OnBeforeStart((happened, _) => Note($"start {happened.Model.Resources.Count}"));
        var resource = test.Script("worker", "exit 4").WithHttpEndpoint()
            .OnInitializeResource((_, happened, _) => Note($"initialize {happened.Resource.Name}"))
            .OnResourceEndpointsAllocated((worker, _, _) => Note($"endpoints {worker.GetEndpoint("http").IsAllocated}"))
            .OnBeforeResourceStarted((worker, _, _) => Note($"before {worker.Name}"))
            .OnResourceReady((worker, _, _) => Note($"ready {worker.Name}"))
            .OnResourceStopped((_, happened, _) => Note($"stopped {happened.ResourceEvent.Snapshot.ExitCode}"));
        var unsubscribed = test.Builder.Eventing.Subscribe<ResourceReadyEvent>(resource.Resource, (_, _) => Note("never"));
        test.Builder.Eventing.Unsubscribe(unsubscribed);
        await test.StartAsync();
        await test.ReachAsync("worker", KnownResourceStates.Exited);
        await test.App.StopAsync(TestApplication.Limit);
        Assert.Equal(["start 1", "endpoints True", "initialize worker", "before worker", "ready worker", "stopped 4"], seen);

        Task Note(string what)
        {
            seen.Enqueue(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task WhoWaitsWaitsForReadinessToo()
    {
        await using var test = new TestApplication();
        var seed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var database = test.Script("database", "sleep 600").OnResourceReady((_, _, token) => seed.Task.WaitAsync(token));
        var spoilt = test.Script("spoilt", "sleep 600").OnResourceReady((_, _, _) => throw new InvalidOperationException("no seed"));
        test.Script("first", "sleep 600").WaitFor(database);
        test.Script("second", "sleep 600").WaitFor(spoilt);
        test.Script("third", "sleep 600").OnBeforeResourceStarted((_, _, _) => throw new InvalidOperationException("not today"));
        await test.StartAsync();
        await test.ReachAsync("database", KnownResourceStates.Running);
        await test.ReachAsync("second", KnownResourceStates.FailedToStart);
        Assert.Contains(await test.LogAsync("second"), line => line.Content.EndsWith("did not become ready: no seed.", StringComparison.Ordinal));
        await test.ReachAsync("third", KnownResourceStates.FailedToStart);
        await test.ReachAsync("first", KnownResourceStates.Waiting);
        seed.SetResult();
        await test.ReachAsync("first", KnownResourceStates.Running);
    }

    [Fact]
    public async Task AResourceOfTheApplicationsOwnKeepsItsState()
    {
        await using var test = new TestApplication();
        var own = test.Builder.AddResource(new OwnResource("own"))
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Own", Properties = [], State = KnownResourceStates.NotStarted })
            .OnInitializeResource(async (resource, happened, _) =>
            {
                happened.Logger.Log(Microsoft.Extensions.Logging.LogLevel.Information, default, "begun", null, (text, _) => text);
                await happened.Notifications.PublishUpdateAsync(resource, present => present with { State = KnownResourceStates.Running });
            });
        test.Script("dependent", "sleep 600").WaitFor(own);
        await test.StartAsync();
        await test.ReachAsync("dependent", KnownResourceStates.Running);
        Assert.Equal("begun", Assert.Single(await test.LogAsync("own")).Content);
        Assert.Equal("Own", (await test.ReachAsync("own", KnownResourceStates.Running)).ResourceType);
    }

    private sealed class OwnResource(string name) : Resource(name);
}
