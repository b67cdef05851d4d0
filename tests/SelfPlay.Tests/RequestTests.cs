using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

public sealed class RequestTests
{
    public static TheoryData<Action<V1.PlayRequest>, string> Bad => new()
    {
        { request => request.Problems.Clear(), "problems is 'empty': expected at least one problem to learn from" },
        { request => request.EvaluationProblems.Clear(), "evaluation_problems is 'empty'" },
        { request => request.Run = "../etc", "run is '../etc': expected at most 64 letters" },
        { request => request.Run = "latest", "run is 'latest': expected another name" },
        { request => request.Problems[1].Statement = "", "problems[1].statement is" },
        { request => request.EvaluationProblems[2].Signature = "add", "evaluation_problems[2].signature is 'add'" },
        { request => request.EvaluationProblems[0].Id = "learn-1", "evaluation_problems[0].id is 'learn-1': expected an id that no other problem has; problems[1] has it" },
        { request => request.Problems[0].ReferenceSolutions.Add(Enumerable.Repeat("pass", 31)), "problems[0].reference_solutions is '32 programs'" },
        { request => request.Settings.Iterations = -1, "settings.iterations is '-1'" },
        { request => request.Settings.Rollouts = 10_001, "settings.rollouts is '10001'" },
        { request => request.Settings.Gamma = double.NaN, "settings.gamma is 'NaN': expected a number in (0, 1]" },
        { request => request.Settings.Gamma = 1.5, "settings.gamma is '1.5'" },
        { request => request.Settings.Prm = (V1.PrmTraining)9, "settings.prm is '9'" },
        { request => request.Settings.RewardSchedule = (V1.RewardSchedule)9, "settings.reward_schedule is '9'" },
        { request => request.Settings.Rewards = "speed=1", "settings.rewards: reward is 'speed=1'" },
        { request => request.Settings.Rewards = "tests=0", "settings.rewards: the weights' sum is '0'" },
        { request => request.Problems[0].Ensures.Add("result > 0\n"), "problems[0].ensures is 'a condition': expected Python expressions of one line" },
        { request => request.Settings.Rows = -1, "settings.rows is '-1'" },
        { request => request.Settings.EvaluationSamples = 1025, "settings.evaluation_samples is '1025'" },
        { request => request.Settings.BasePrecision = "int4", "settings.base_precision is 'int4': expected bfloat16 or float32" },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Bad_input_gets_one_line_that_names_it(Action<V1.PlayRequest> spoil, string expected)
    {
        var request = Fakes.Request();
        spoil(request);
        var error = Assert.Throws<RpcException>(() => PlayRequestReader.Read(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith(expected, error.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Status.Detail);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(3, 3)]
    [InlineData(100, 16)]
    public void Searches_of_evaluations_do_as_many_rollouts_as_others_up_to_their_own_bound(int rollouts, int expected)
    {
        var request = Fakes.Request();
        (request.Settings.Quick, request.Settings.Rollouts) = (false, rollouts);
        Assert.Equal(expected, PlayRequestReader.Read(request).Limits.EvaluationRollouts);
    }

    [Fact]
    public void Rows_bound_the_training_data_of_each_part()
    {
        var request = Fakes.Request();
        request.Settings.Rows = 24;
        var limits = PlayRequestReader.Read(request).Limits;
        Assert.Equal([24, 24, 24, 24], [limits.TcgRows, limits.PolicyRows, limits.PrmRows, limits.PreferenceRows]);
    }

    [Fact]
    public async Task A_named_run_of_other_settings_or_problems_is_left_alone()
    {
        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("one"), one => one.StepDone is not null);
        await host.RestartAsync();
        var before = await File.ReadAllTextAsync(host.At("one", "run.json"), TestContext.Current.CancellationToken);
        foreach (var (request, expected) in new[]
        {
            (Fakes.Request("one", seed: 6), "expected a new name, since that run has the settings"),
            (Fakes.Request("one", problems: 4), "expected a new name, since that run has other problems"),
        })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(request));
            Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
            Assert.Contains(expected, error.Status.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(before, await File.ReadAllTextAsync(host.At("one", "run.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_that_is_no_run_is_left_alone()
    {
        await using var host = await PlayHost.StartAsync();
        Directory.CreateDirectory(host.At("mine", ""));
        await File.WriteAllTextAsync(host.At("mine", "thesis.txt"), "years of work", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(Fakes.Request("mine")));
        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        Assert.False(File.Exists(host.At("mine", "run.json")));
    }

    [Fact]
    public async Task A_run_in_progress_is_refused_to_others_and_a_dead_owner_s_lock_is_taken_over()
    {
        await using var host = await PlayHost.StartAsync();
        Directory.CreateDirectory(host.At("one", ""));
        await File.WriteAllTextAsync(host.At("one", "lock"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(host.At("one", "lock.pid"), "2147483647\n", TestContext.Current.CancellationToken);
        var reached = new TaskCompletionSource();
        host.Evaluator.Before = async token =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        using var first = new CancellationTokenSource();
        var playing = host.PlayAsync(Fakes.Request("one"), _ => first.IsCancellationRequested);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(Fakes.Request("one")));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal($"run one is in progress in process {Environment.ProcessId}: wait for it, stop it, or name another run", error.Status.Detail);
        await host.RestartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => playing);
        host.Evaluator.Before = _ => Task.CompletedTask;
        Assert.NotNull((await host.PlayAsync(Fakes.Request("one")))[^1].Finished);
    }
}
