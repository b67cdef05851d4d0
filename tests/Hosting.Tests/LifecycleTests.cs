using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Hosting.Tests;

/// <summary>Resources from their waits to their end.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task AResourceStartsOnlyWhenItsDependencyIsHealthy()
    {
        await using var test = new TestApplication();
        var healthy = Path.Combine(test.Folder, "healthy");
        var first = test.Script("first", "sleep 600").WithHealthCheck("first_check");
        test.Script("second", "sleep 600").WaitFor(first);
        test.Script("third", "sleep 600").WaitForStart(first);
        test.Builder.Services.AddHealthChecks().AddCheck("first_check",
            () => File.Exists(healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
        await test.StartAsync();

        await test.ReachAsync("third", KnownResourceStates.Running);
        Assert.Equal(KnownResourceStates.Waiting, (await test.ReachAsync("second", KnownResourceStates.Waiting)).State?.Text);
        Assert.True(test.Notifications.TryGetCurrentState("first", out var present));
        Assert.Equal(HealthStatus.Unhealthy, present.Snapshot.HealthStatus);

        await File.WriteAllTextAsync(healthy, "", TestApplication.Limit);
        var second = await test.ReachAsync("second", KnownResourceStates.Running);
        Assert.True(test.Notifications.TryGetCurrentState("first", out present));
        Assert.Equal(HealthStatus.Healthy, present.Snapshot.HealthStatus);
        Assert.True(second.StartTimeStamp >= present.Snapshot.StartTimeStamp);
        await test.Notifications.WaitForResourceHealthyAsync("second", TestApplication.Limit);
    }

    [Fact]
    public async Task AResourceCanWaitForAnothersEnd()
    {
        await using var test = new TestApplication();
        var setup = test.Script("setup", "echo done > made; exit 3");
        test.Script("main", "cat made; sleep 600").WaitForCompletion(setup, exitCode: 3);
        test.Script("picky", "sleep 600").WaitForCompletion(setup);
        await test.StartAsync();

        await test.ReachAsync("main", KnownResourceStates.Running);
        await test.ReachAsync("picky", KnownResourceStates.FailedToStart);
        Assert.Equal(3, (await test.ReachAsync("setup", KnownResourceStates.Exited)).ExitCode);
        Assert.Contains(await test.LogAsync("picky"), line => line.IsErrorMessage &&
            line.Content.Contains("exit code 3 where 0 was expected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFailedResourceFailsThoseThatWaitForItAndNoOther()
    {
        await using var test = new TestApplication();
        var bad = test.Script("bad", "echo 'error: part 3 is missing' >&2; exit 2").WithHealthCheck("never");
        test.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        test.Script("dependent", "sleep 600").WaitFor(bad);
        test.Script("patient", "sleep 600").WaitFor(bad, WaitBehavior.WaitOnResourceUnavailable);
        test.Script("other", "sleep 600");
        await test.StartAsync();

        var state = await test.ReachAsync("bad", KnownResourceStates.Exited);
        Assert.Equal(2, state.ExitCode);
        Assert.NotNull(state.StopTimeStamp);
        await test.ReachAsync("dependent", KnownResourceStates.FailedToStart);
        await test.ReachAsync("other", KnownResourceStates.Running);
        await test.ReachAsync("patient", KnownResourceStates.Waiting);
        Assert.Contains(await test.LogAsync("bad"), line => line is { IsErrorMessage: true, Content: "error: part 3 is missing" });
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            test.Notifications.WaitForResourceHealthyAsync("bad", WaitBehavior.StopOnResourceUnavailable, TestApplication.Limit));
        Assert.Contains("ended with exit code 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProgramThatIsNotThereFailsToStartWithOneLine()
    {
        await using var test = new TestApplication();
        test.Builder.AddExecutable("absent", "no-such-program", test.Folder);
        await test.StartAsync();
        await test.ReachAsync("absent", KnownResourceStates.FailedToStart);
        Assert.Equal("error: program 'no-such-program' was not found", Assert.Single(await test.LogAsync("absent")).Content);
    }

    [Fact]
    public async Task ArgumentsAreHandedOverAsTheyAre()
    {
        await using var test = new TestApplication();
        var parameter = test.Builder.AddParameter("p", "a value");
        test.Builder.AddExecutable("printer", "printf", test.Folder, "%s\\n", "two words", "$HOME")
            .WithArgs(context => context.Args.Add(parameter));
        await test.StartAsync();
        await test.ReachAsync("printer", KnownResourceStates.Finished);
        Assert.Equal(["two words", "$HOME", "a value"], (await test.LogAsync("printer")).Select(line => line.Content));
    }

    [Fact]
    public async Task CommandsStartStopAndRestartAResource()
    {
        await using var test = new TestApplication();
        test.Script("worker", "echo run >> runs; sleep 600").WithExplicitStart();
        await test.StartAsync();
        var commands = test.App.ResourceCommands;
        await test.ReachAsync("worker", KnownResourceStates.NotStarted);
        var early = await commands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, TestApplication.Limit);
        Assert.Contains("not enabled", early.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(test.Folder, "runs")));

        Assert.True((await commands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, TestApplication.Limit)).Success);
        await test.ReachAsync("worker", KnownResourceStates.Running);
        var restarted = await commands.ExecuteCommandAsync("worker", KnownResourceCommands.RestartCommand, TestApplication.Limit);
        Assert.True(restarted.Success, restarted.Message);

        // Whoever waits from now on does not see the end of the run before.
        await test.Notifications.WaitForResourceHealthyAsync("worker", WaitBehavior.StopOnResourceUnavailable, TestApplication.Limit);
        await test.ReachAsync("worker", KnownResourceStates.Running);
        Assert.True((await commands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, TestApplication.Limit)).Success);
        Assert.NotNull((await test.ReachAsync("worker", KnownResourceStates.Exited)).ExitCode);
        Assert.False((await commands.ExecuteCommandAsync("worker", "no-such-command", TestApplication.Limit)).Success);
        Assert.False((await commands.ExecuteCommandAsync("nobody", KnownResourceCommands.StartCommand, TestApplication.Limit)).Success);
    }

    [Fact]
    public async Task AResourceCanHaveCommandsOfItsOwn()
    {
        await using var test = new TestApplication();
        var resource = test.Script("worker", "sleep 600")
            .WithCommand("greet", "Greet", context => Task.FromResult(CommandResults.Success($"hello {context.ResourceName}")))
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("it broke"))
            .WithCommand("off", "Off", _ => Task.FromResult(CommandResults.Success()),
                new CommandOptions { UpdateState = _ => ResourceCommandState.Disabled }).Resource;
        await test.StartAsync();
        var greeted = await test.App.ResourceCommands.ExecuteCommandAsync(resource, "greet", TestApplication.Limit);
        Assert.StartsWith("hello worker-", greeted.Message, StringComparison.Ordinal);
        Assert.Equal("it broke", (await test.App.ResourceCommands.ExecuteCommandAsync(resource, "fail", TestApplication.Limit)).Message);
        Assert.False((await test.App.ResourceCommands.ExecuteCommandAsync(resource, "off", TestApplication.Limit)).Success);
    }
}
