using Grpc.Core;
using O1Coder.Coordinator.Tests;

namespace O1Coder.Evaluation.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Every_field_is_checked_by_name_and_nothing_is_started()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        (Action<V1.EvaluateRequest> Change, string Message)[] cases =
        [
            (one => one.Problems.Clear(), "problems is 'empty': expected at least one problem"),
            (one => one.Problems[1].Id = "p0", "problems[1].id is 'p0': expected a name that no other problem has"),
            (one => one.Problems[1].Statement = "", "problems[1]: problem.statement is '': expected the task in Markdown"),
            (one => { one.Problems[0].VisibleTests.Clear(); one.Problems[0].HiddenTests.Clear(); },
                "problems[0].visible_tests is 'empty': expected at least one test, visible or hidden"),
            (one => one.Samples = 1025, "samples is '1025': expected a whole number from 0 to 1024 (0: 1)"),
            (one => one.Samples = -1, "samples is '-1': expected a whole number from 0 to 1024 (0: 1)"),
            (one => one.Options.Strategy = V1.Strategy.Greedy, "samples is '4': expected 1 with strategy greedy, whose program is always the same"),
            (one => one.Options.Temperature = float.NaN, "options.temperature is 'NaN': expected a number in (0, 5]"),
            (one => one.Options.Strategy = (V1.Strategy)9, "options.strategy is '9': expected 1 (greedy), 2 (sample) or 3 (mcts)"),
            (one => one.Budget.Rollouts = -1, "budget.rollouts is '-1': expected a whole number from 0 to 10000 (0: the default, 32)"),
            (one => one.Tests = (V1.TestsShown)7, "tests is '7': expected 1 (all), 2 (none) or 3 (first)"),
            (one => one.Tests = V1.TestsShown.First, "shown_tests is '0': expected a whole number of at least 1"),
            (one => one.ShownTests = 2, "shown_tests is '2': expected 0 unless tests is 3 (first)"),
            (one => one.K.Add(5), "k[0] is '5': expected a whole number from 1 to 4, the samples"),
            (one => one.MeasureProcessRewards = true,
                "measure_process_rewards is 'True': expected false unless options.strategy is 3 (mcts): other strategies take no steps"),
        ];
        foreach (var (change, message) in cases)
        {
            var request = Requests.Of(V1.Strategy.Sample, samples: 4);
            change(request);
            var error = await Assert.ThrowsAsync<RpcException>(() => host.EvaluateAsync(request));
            Assert.Equal((StatusCode.InvalidArgument, message), (error.StatusCode, error.Status.Detail));
        }

        Assert.Empty(host.Policy.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public async Task A_folder_without_an_adapter_is_NotFound()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        var request = Requests.Of(V1.Strategy.Greedy);
        request.Adapter = Path.Combine(_runs.Path, "none");
        var error = await Assert.ThrowsAsync<RpcException>(() => host.EvaluateAsync(request));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains("there is no such folder", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_cannot_isolate_programs_is_FailedPrecondition()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Sandbox.Isolated = false;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.EvaluateAsync(Requests.Of(V1.Strategy.Greedy)));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Empty(host.Policy.Requests);
    }
}
