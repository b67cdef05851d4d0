using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using O1Coder.Hosting.ResourceService;
using ExecuteCommandResult = O1Coder.Hosting.ResourceService.ExecuteCommandResult;

namespace O1Coder.Hosting.Tests;

/// <summary>What a dashboard is told, and what it may do, over gRPC.</summary>
public sealed class ResourceServiceTests
{
    [Fact]
    public async Task WithoutTheKeyNothingIsTold()
    {
        await using var test = new ServedApplication();
        await test.Application.StartAsync();
        foreach (var key in new[] { null, "", "wrong" })
        {
            var exception = await Assert.ThrowsAsync<RpcException>(async () =>
                await test.Client.GetApplicationAsync(new GetApplicationRequest(), ServedApplication.Options(key)));
            Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
        }

        Assert.Equal("Shown", (await test.Client.GetApplicationAsync(new GetApplicationRequest(), test.Options())).Name);
    }

    [Fact]
    public async Task EveryResourceIsToldAndThenWhatChanges()
    {
        await using var test = new ServedApplication();
        var secret = test.Application.Builder.AddParameter("pass", "s3cret", secret: true);
        var first = test.Application.Script("first", "until [ -e go ]; do sleep 0.05; done; sleep 600").WithExplicitStart();
        test.Application.Script("second", "sleep 600").WaitForStart(first).WithParentRelationship(first)
            .WithEnvironment("PASSWORD", $"x{secret}").WithEnvironment("OPEN", "y").WithArgs(secret)
            .WithIconName("Rocket").WithUrl("https://example.org/docs", "Docs");
        test.Application.Script("unseen", "sleep 600").WithHidden();
        await test.Application.StartAsync();
        using var call = test.Client.WatchResources(new WatchResourcesRequest(), test.Options());
        Assert.True(await call.ResponseStream.MoveNext(TestApplication.Limit));
        var complete = call.ResponseStream.Current;
        Assert.True(complete.Complete);
        Assert.Equal(["first", "pass", "second", "unseen"], complete.Changed.Select(resource => resource.Name).Order());
        Assert.True(complete.Changed.Single(resource => resource.Name == "unseen").Hidden);
        var parameter = complete.Changed.Single(resource => resource.Name == "pass");
        Assert.Equal(("Parameter", true), (parameter.Type, parameter.Properties.Single(property => property.Name == "Value").Sensitive));

        var waiting = await ServedApplication.ReadAsync(call, complete, resource => resource is { Name: "second", State: "Waiting" });
        Assert.Equal(["first"], waiting.WaitingFor);
        Assert.Equal(["Parent first", "WaitFor first"], waiting.Relationships.Select(related => $"{related.Type} {related.ResourceName}").Order());
        Assert.Equal("Rocket", waiting.IconName);
        Assert.StartsWith("second-", waiting.InstanceName, StringComparison.Ordinal);

        var idle = complete.Changed.Single(resource => resource.Name == "first");
        Assert.Equal(CommandState.Enabled, idle.Commands.Single(command => command.Name == "start").State);
        Assert.Equal(CommandState.Disabled, idle.Commands.Single(command => command.Name == "stop").State);
        var started = await test.Client.ExecuteCommandAsync(
            new ExecuteCommandRequest { InstanceName = idle.InstanceName, Command = "start" }, test.Options());
        Assert.Equal(ExecuteCommandResult.Succeeded, started.Result);

        var running = await ServedApplication.ReadAsync(call, null, resource => resource is { Name: "second", State: "Running" });
        Assert.Empty(running.WaitingFor);
        Assert.True(running.Environment.Single(variable => variable.Name == "PASSWORD") is { Secret: true, FromModel: true, Value: "xs3cret" });
        Assert.False(running.Environment.Single(variable => variable.Name == "OPEN").Secret);
        Assert.True(running.Properties.Single(property => property.Name == "executable.args").Sensitive);
        Assert.NotNull(running.StartedAt);
        var url = Assert.Single(running.Urls);
        Assert.Equal(("https://example.org/docs", "Docs"), (url.Url, url.DisplayText));
    }

    [Fact]
    public async Task ACrashIsShownWithItsCodeAndItsLastLines()
    {
        await using var test = new ServedApplication();
        test.Application.Script("bad", "for i in $(seq 30); do echo line $i; done; echo 'error: no luck' >&2; exit 7");
        await test.Application.StartAsync();
        await test.Application.ReachAsync("bad", KnownResourceStates.Exited);
        using var call = test.Client.WatchResources(new WatchResourcesRequest(), test.Options());
        var crashed = await ServedApplication.ReadAsync(call, null, resource => resource.State == "Exited");
        Assert.Equal((7, "error"), (crashed.ExitCode, crashed.StateStyle));
        Assert.Equal(20, crashed.LastLines.Count);
        Assert.Contains(crashed.LastLines, line => line is { Text: "error: no luck", IsError: true } && line.At is not null);
    }

    [Fact]
    public async Task ConsoleLinesAreNumberedAndTimedAndEndWithTheApplication()
    {
        await using var test = new ServedApplication();
        test.Application.Script("talker", "echo one; echo two >&2; sleep 600");
        var before = DateTime.UtcNow;
        await test.Application.StartAsync();
        await test.Application.ReachAsync("talker", KnownResourceStates.Running);
        Assert.True(test.Application.Notifications.TryGetCurrentState("talker", out var present));
        var request = new WatchConsoleLogsRequest { InstanceName = present.ResourceId };
        using var call = test.Client.WatchConsoleLogs(request, test.Options());
        List<ConsoleLine> lines = [];
        while (lines.Count < 2 && await call.ResponseStream.MoveNext(TestApplication.Limit))
        {
            lines.AddRange(call.ResponseStream.Current.Lines);
        }

        Assert.Equal([1L, 2L], lines.Select(line => line.Number));
        Assert.Equal(["one", "two"], lines.Select(line => line.Text).Order());
        Assert.All(lines, line => Assert.InRange(line.At.ToDateTime(), before, DateTime.UtcNow));
        Assert.True(lines.Single(line => line.Text == "two").IsError);

        await test.Client.ExecuteCommandAsync(new ExecuteCommandRequest { InstanceName = present.ResourceId, Command = "stop" }, test.Options());
        request.NoFollow = true;
        using (var kept = test.Client.WatchConsoleLogs(request, test.Options()))
        {
            Assert.True(await kept.ResponseStream.MoveNext(TestApplication.Limit));
            Assert.Equal(2, kept.ResponseStream.Current.Lines.Count);
            Assert.False(await kept.ResponseStream.MoveNext(TestApplication.Limit));
        }

        var rest = call.ResponseStream.MoveNext(TestApplication.Limit);
        await test.Application.App.StopAsync(TestApplication.Limit);
        Assert.False(await rest);
    }

    [Fact]
    public async Task WhatIsNotThereIsNotFoundAndWhatIsNotEnabledIsRefused()
    {
        await using var test = new ServedApplication();
        test.Application.Script("worker", "sleep 600")
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("it broke"));
        await test.Application.StartAsync();
        await test.Application.ReachAsync("worker", KnownResourceStates.Running);
        Assert.True(test.Application.Notifications.TryGetCurrentState("worker", out var present));
        var id = present.ResourceId;
        Assert.Equal(StatusCode.NotFound, await CodeAsync(new ExecuteCommandRequest { InstanceName = "worker", Command = "stop" }));
        Assert.Equal(StatusCode.NotFound, await CodeAsync(new ExecuteCommandRequest { InstanceName = id, Command = "dance" }));
        Assert.Equal(StatusCode.FailedPrecondition, await CodeAsync(new ExecuteCommandRequest { InstanceName = id, Command = "start" }));
        var failed = await test.Client.ExecuteCommandAsync(new ExecuteCommandRequest { InstanceName = id, Command = "fail" }, test.Options());
        Assert.Equal((ExecuteCommandResult.Failed, "it broke"), (failed.Result, failed.Message));
        using var call = test.Client.WatchConsoleLogs(new WatchConsoleLogsRequest { InstanceName = "nobody" }, test.Options());
        var unknown = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestApplication.Limit));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);

        async Task<StatusCode> CodeAsync(ExecuteCommandRequest request) => (await Assert.ThrowsAsync<RpcException>(async () =>
            await test.Client.ExecuteCommandAsync(request, test.Options()))).StatusCode;
    }
}
