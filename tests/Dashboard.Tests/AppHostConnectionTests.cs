using Microsoft.Extensions.DependencyInjection;
using O1Coder.Dashboard.Scenario;
using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.Dashboard.ConsoleLogs;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Dashboard.Tests;

public class AppHostConnectionTests
{
    private const string Key = "key";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_follows_the_AppHost_says_when_it_is_lost_and_finds_it_again()
    {
        using var first = new ScriptedAppHost(Key);
        first.Put(new Resource { Name = "a", InstanceName = "a-1", State = "Running" });
        first.Put(new Resource { Name = "b", InstanceName = "b-1", State = "Running" });
        var server = await ScriptedAppHostServer.StartAsync(first, 0, Cancel);
        var address = server.Address;
        await using var host = await StartAsync(address, Key);

        await UntilAsync(host, now => now is { Link: AppHostLink.Connected, ApplicationName: "O1Coder", Resources.Count: 2 });
        first.Change("a-1", a => a.State = "Exited");
        first.Remove("b-1");
        await UntilAsync(host, now => now.Resources is { Count: 1 } one && one["a-1"].State == "Exited");

        await server.DisposeAsync();
        var lost = await UntilAsync(host, now => now.Link is AppHostLink.Lost);
        Assert.NotNull(lost.Problem);
        Assert.Equal(["a-1"], lost.Resources.Keys);

        using var second = new ScriptedAppHost(Key);
        second.Put(new Resource { Name = "c", InstanceName = "c-1" });
        await using var again = await ScriptedAppHostServer.StartAsync(second, address.Port, Cancel);
        var found = await UntilAsync(host, now => now.Link is AppHostLink.Connected);
        Assert.Equal(["c-1"], found.Resources.Keys);
        Assert.Null(found.Problem);
    }

    [Fact]
    public async Task A_wrong_key_is_said()
    {
        using var appHost = new ScriptedAppHost(Key);
        await using var server = await ScriptedAppHostServer.StartAsync(appHost, 0, Cancel);
        await using var host = await StartAsync(server.Address, "other");
        var now = await UntilAsync(host, one => one.Link is AppHostLink.Lost);
        Assert.Equal("The AppHost refuses the dashboard's key.", now.Problem);
        Assert.Empty(now.Resources);
        Assert.True(appHost.Refused > 0);
    }

    [Fact]
    public async Task Without_an_address_it_stands_alone()
    {
        await using var host = await DashboardHost.StartAsync();
        Assert.Equal(AppHostLink.None, host.Services.GetRequiredService<AppHostState>().Current.Link);
    }

    [Fact]
    public async Task A_command_that_goes_wrong_is_an_answer()
    {
        using var appHost = new ScriptedAppHost(Key);
        appHost.Put(new Resource { Name = "a", InstanceName = "a-1", Commands = { new ResourceCommand { Name = "stop", State = CommandState.Disabled } } });
        var server = await ScriptedAppHostServer.StartAsync(appHost, 0, Cancel);
        await using var host = await StartAsync(server.Address, Key);
        var client = host.Services.GetRequiredService<AppHostClient>();

        var disabled = await client.ExecuteAsync("a-1", "stop", Cancel);
        Assert.Equal((ExecuteCommandResult.Failed, "'stop' is not enabled now."), (disabled.Result, disabled.Message));
        var unknown = await client.ExecuteAsync("a-1", "burn", Cancel);
        Assert.Equal((ExecuteCommandResult.Failed, "'a-1' has no command 'burn'."), (unknown.Result, unknown.Message));
        await server.DisposeAsync();
        var gone = await client.ExecuteAsync("a-1", "stop", Cancel);
        Assert.Equal(ExecuteCommandResult.Failed, gone.Result);
        Assert.Empty(appHost.Executed);
    }

    [Fact]
    public async Task Lines_are_told_once_even_when_the_connection_breaks()
    {
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using var first = Talking(start, lines: 3);
        var server = await ScriptedAppHostServer.StartAsync(first, 0, Cancel);
        var address = server.Address;
        await using var host = await StartAsync(address, Key);
        await using var feed = new ConsoleFeed(host.Services.GetRequiredService<AppHostClient>());
        feed.Follow(["a-1"]);
        var seen = new List<string>();
        await using var batches = feed.BatchesAsync(Cancel).GetAsyncEnumerator(Cancel);
        await ReadAsync(batches, seen, 3);
        first.Write("a-1", "line 4", at: start.AddSeconds(4));
        await ReadAsync(batches, seen, 4);
        await server.DisposeAsync();

        // The same resource after the break: the four lines again, and two more.
        using var second = Talking(start, lines: 6);
        await using (await ScriptedAppHostServer.StartAsync(second, address.Port, Cancel))
        {
            await ReadAsync(batches, seen, 6);
        }

        // A new AppHost counts from 1 again, later.
        using var third = Talking(start.AddHours(1), lines: 2);
        await using var again = await ScriptedAppHostServer.StartAsync(third, address.Port, Cancel);
        await ReadAsync(batches, seen, 8);
        Assert.Equal(["line 1", "line 2", "line 3", "line 4", "line 5", "line 6", "line 1", "line 2"], seen);
    }

    private static ScriptedAppHost Talking(DateTime start, int lines)
    {
        var appHost = new ScriptedAppHost(Key);
        appHost.Put(new Resource { Name = "a", InstanceName = "a-1" });
        for (var number = 1; number <= lines; number++)
        {
            appHost.Write("a-1", $"line {number}", at: start.AddSeconds(number));
        }

        return appHost;
    }

    private static async Task ReadAsync(IAsyncEnumerator<IReadOnlyList<FeedLine>> batches, List<string> seen, int until)
    {
        while (seen.Count < until)
        {
            Assert.True(await batches.MoveNextAsync());
            seen.AddRange(batches.Current.Select(one => one.Line.Text));
        }
    }

    private static Task<DashboardHost> StartAsync(Uri address, string key) => DashboardHost.StartAsync(
        (AppHostOptions.EndpointVariable, address.ToString()), (AppHostOptions.ApiKeySetting, key));

    private static async Task<AppHostSnapshot> UntilAsync(DashboardHost host, Func<AppHostSnapshot, bool> holds)
    {
        var state = host.Services.GetRequiredService<AppHostState>();
        var reached = new TaskCompletionSource<AppHostSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            var now = state.Current;
            if (holds(now))
            {
                reached.TrySetResult(now);
            }
        }

        state.Changed += Look;
        try
        {
            Look();
            return await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        }
        finally
        {
            state.Changed -= Look;
        }
    }
}
