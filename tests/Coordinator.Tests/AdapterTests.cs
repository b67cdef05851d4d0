using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

public sealed class AdapterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-adapter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_request_of_a_search_names_the_adapter_and_the_start_tells_its_version()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var events = await host.SolveAsync(Request(Adapter("1111")));

        Assert.Equal(("scripted", "a-1111", "1111"), (events[0].Started.Model.ModelId, events[0].Started.Model.Adapter, events[0].Started.Model.AdapterVersion));
        Assert.NotEmpty(host.Policy.Requests);
        Assert.All(host.Policy.Requests, one => Assert.Equal("a-1111", one.Adapter));
        Assert.Contains("a-1111", await File.ReadAllTextAsync(events[^1].Finished.TracePath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_adapter_wrote_is_never_taken_for_what_another_version_writes()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(0);
        host.Policy.AnswerOf = adapter => adapter.Version == "2222" ? Programs.Passing(9) : null;
        var first = await host.SolveAsync(Request(Adapter("1111"), rollouts: 1));
        var other = await host.SolveAsync(Request(Adapter("2222"), rollouts: 1));
        var calls = host.Policy.Requests.Count;
        var again = await host.SolveAsync(Request(Adapter("2222"), rollouts: 1));
        var none = await host.SolveAsync(Programs.Request(rollouts: 1));

        Assert.Equal(
            [V1.Outcome.BudgetSpent, V1.Outcome.Solved, V1.Outcome.Solved, V1.Outcome.BudgetSpent],
            new[] { first, other, again, none }.Select(events => events[^1].Finished.Outcome));
        Assert.Equal(calls + 1, host.Policy.Requests.Count);
    }

    [Fact]
    public async Task A_policy_that_was_started_again_gets_the_adapter_once_more()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        host.Policy.Before = (call, _) =>
        {
            if (call == 3)
            {
                host.Policy.Adapters.Clear();
            }

            return Task.CompletedTask;
        };
        var folder = Adapter("1111");
        var events = await host.SolveAsync(Request(folder));
        Assert.Equal(12, events[^1].Finished.Totals.Rollouts);
        Assert.Equal([folder, folder], host.Policy.Loads);
    }

    [Fact]
    public async Task An_adapter_that_changed_in_between_ends_the_search()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var folder = Adapter("1111");
        host.Policy.Before = (call, _) =>
        {
            if (call == 3)
            {
                host.Policy.Adapters.Clear();
                Adapter("2222");
            }

            return Task.CompletedTask;
        };
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Request(folder)));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains($"the adapter in {folder} changed while it was used: version 2222, expected 1111", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_stands_for_its_policy_and_a_link_for_what_it_points_to()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        var adapter = Adapter("1111", "run/policy");
        var link = Path.Combine(_folder, "latest");
        Directory.CreateSymbolicLink(link, "run");
        await host.SolveAsync(Request(Path.Combine(_folder, "run")));
        await host.SolveAsync(Request(link));
        Assert.Equal([adapter, adapter], host.Policy.Loads);
    }

    [Fact]
    public async Task A_folder_without_an_adapter_is_NotFound_and_says_what_was_looked_for()
    {
        await using var host = await CoordinatorHost.StartAsync();
        var missing = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Request(Path.Combine(_folder, "none"))));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Equal($"adapter is '{_folder}/none': there is no such folder; expected a PEFT adapter's or a self-play run's", missing.Status.Detail);
        var empty = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Request(_folder)));
        Assert.Equal(StatusCode.NotFound, empty.StatusCode);
        Assert.Contains("neither adapter_config.json (a PEFT adapter) nor policy/adapter_config.json", empty.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(host.Runs));
    }

    private static V1.SolveRequest Request(string adapter, int rollouts = 12)
    {
        var request = Programs.Request(rollouts);
        request.Adapter = adapter;
        return request;
    }

    private string Adapter(string version, string name = "adapter")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), version);
        return folder;
    }
}
