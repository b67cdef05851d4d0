using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

public sealed class ProcessRewardTests
{
    private static V1.SolveRequest Request(double weight)
    {
        var request = Programs.Request(rollouts: 16);
        request.Options.ProcessRewardWeight = weight;
        return request;
    }

    [Fact]
    public async Task Without_a_weight_nobody_is_asked()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var events = await host.SolveAsync(Request(0));
        Assert.Empty(host.Prm.Requests);
        Assert.DoesNotContain(events, one => one.NodeAdded is { HasProcessReward: true });
    }

    [Fact]
    public async Task Unfinished_steps_are_rewarded_once_and_the_log_holds_the_rewards()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        host.Policy.Adapters["prm"] = new V1.Adapter { Name = "prm", Version = "0123456789abcdef" };

        var events = await host.SolveAsync(Request(0.5));

        var nodes = events.Where(one => one.NodeAdded is not null).Select(one => one.NodeAdded).ToList();
        Assert.Contains(nodes, node => !node.Terminal);
        Assert.All(nodes, node => Assert.Equal(!node.Terminal, node.HasProcessReward));
        foreach (var node in nodes.Where(node => !node.Terminal))
        {
            Assert.Equal(host.Prm.Reward(new V1.ReasoningStep { Text = node.Text }), node.ProcessReward, tolerance: 0);
        }

        Assert.Equal(0.5, events[0].Started.Options.ProcessRewardWeight);
        Assert.All(host.Prm.Requests, one => Assert.Equal("prm", one.Adapter));
        Assert.All(host.Prm.Requests, one => Assert.Equal(2, one.Problem.VisibleTests.Count));
        Assert.All(host.Prm.Requests, one => Assert.Empty(one.Problem.HiddenTests));
        var finished = events[^1].Finished;
        Assert.Equal(finished.TreeHash, EventLog.Read(finished.LogPath).Rebuild().ComputeHash());

        Assert.Equal(host.Prm.Requests.Distinct().Count(), host.Prm.Requests.Count);
    }

    [Fact]
    public async Task A_reward_that_is_kept_is_not_asked_for_again()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var first = await host.SolveAsync(Request(1));
        var asked = host.Prm.Requests.Count;
        var second = await host.SolveAsync(Request(1));
        Assert.True(asked > 0);
        Assert.Equal(asked, host.Prm.Requests.Count);
        Assert.Equal(first[^1].Finished.TreeHash, second[^1].Finished.TreeHash);
    }

    [Fact]
    public async Task A_reward_that_is_none_is_named_and_not_kept()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var right = host.Prm.Reward;
        host.Prm.Reward = _ => double.NaN;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Request(1)));
        Assert.StartsWith("prm: rewards are 'NaN': expected 1 in [0, 1]", error.Status.Detail, StringComparison.Ordinal);

        host.Prm.Reward = right;
        Assert.NotNull((await host.SolveAsync(Request(1)))[^1].Finished);
    }
}
