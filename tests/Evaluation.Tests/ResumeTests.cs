using System.Diagnostics;
using Grpc.Core;
using O1Coder.Coordinator.Tests;

namespace O1Coder.Evaluation.Tests;

/// <summary>Interrupted, failed and repeated evaluations.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryRuns _runs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(V1.Strategy.Sample)]
    [InlineData(V1.Strategy.Mcts)]
    public async Task Killed_at_any_sample_the_same_request_goes_on_and_counts_nothing_twice(V1.Strategy strategy)
    {
        var request = Requests.Of(strategy, problems: 2, samples: 3);
        List<V1.EvaluateResponse> whole;
        await using (var host = await EvaluationHost.StartAsync(_runs))
        {
            whole = await host.EvaluateAsync(request);
        }

        var lines = await File.ReadAllLinesAsync(_runs.Log, Token);
        Assert.Equal(6, lines.Length);
        for (var kept = 0; kept < lines.Length; kept++)
        {
            // As kill -9 leaves it: some whole lines and the beginning of one.
            await File.WriteAllTextAsync(_runs.Log, string.Concat(lines.Take(kept).Select(line => line + "\n")) + lines[kept][..(lines[kept].Length / 2)], Token);
            await using var host = await EvaluationHost.StartAsync(_runs);
            var events = await host.EvaluateAsync(request);

            Assert.Equal((6, kept), (events[0].Started.Samples, events[0].Started.KnownSamples));
            Assert.Equal(whole.Samples().Timeless(), events.Samples().Timeless());
            Assert.Equal(whole.Finished().Metric("pass@1"), events.Finished().Metric("pass@1"));
            Assert.Equal(whole.Finished().Verdicts, events.Finished().Verdicts);
            Assert.Equal(whole.Finished().GeneratedTokens, events.Finished().GeneratedTokens);
            Assert.Equal(6, (await File.ReadAllLinesAsync(_runs.Log, Token)).Length);
        }
    }

    [Fact]
    public async Task A_finished_evaluation_is_answered_from_its_log()
    {
        var request = Requests.Of(V1.Strategy.Sample, samples: 3);
        V1.EvaluationFinished finished;
        await using (var host = await EvaluationHost.StartAsync(_runs))
        {
            finished = (await host.EvaluateAsync(request)).Finished();
        }

        await using var other = await EvaluationHost.StartAsync(_runs);
        var events = await other.EvaluateAsync(request);
        Assert.Equal(finished, events.Finished());
        Assert.Equal(6, events[0].Started.KnownSamples);
        Assert.Empty(other.Policy.Requests);
        Assert.Empty(other.Sandbox.Requests);
        Assert.True(File.Exists(Path.Combine(_runs.Evaluation, "result.json")));

        // The k of pass@k has no part in the samples.
        request.K.Add(3);
        Assert.Equal(["pass@3", "solved"], (await other.EvaluateAsync(request)).Finished().Metrics.Take(2).Select(one => one.Name));
        Assert.Empty(other.Policy.Requests);
    }

    [Fact]
    public async Task Asked_for_twice_at_once_it_is_done_once()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        var request = Requests.Of(V1.Strategy.Sample, problems: 3, samples: 4);
        var both = await Task.WhenAll(host.EvaluateAsync(request), host.EvaluateAsync(request));
        Assert.Equal(both[0].Finished(), both[1].Finished());
        Assert.Equal(3, host.Policy.Requests.Count);
        Assert.Equal([0, 12], both.Select(events => events[0].Started.KnownSamples).Order());
    }

    [Fact]
    public async Task A_line_that_is_damaged_before_the_last_is_told_and_nothing_is_overwritten()
    {
        var request = Requests.Of(V1.Strategy.Sample, samples: 3);
        await using var host = await EvaluationHost.StartAsync(_runs);
        await host.EvaluateAsync(request);
        var text = await File.ReadAllTextAsync(_runs.Log, Token);
        var damaged = text.Replace("\"seq\":2,", "\"seq\":2 ,\"x\":", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_runs.Log, damaged, Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.EvaluateAsync(request));
        Assert.Equal(StatusCode.DataLoss, error.StatusCode);
        Assert.Contains("line 2 of ", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllTextAsync(_runs.Log, Token));
    }

    [Fact]
    public async Task An_internal_error_of_the_sandbox_is_tried_again_and_is_no_verdict()
    {
        await using var host = await EvaluationHost.StartAsync(_runs, options => options with { JudgeRetries = 0 });
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(4);
        host.Sandbox.Before = (call, _) => call == 1 ? V1.Verdict.InternalError : null;
        var events = await host.EvaluateAsync(Requests.Of(V1.Strategy.Greedy, problems: 1));
        Assert.Equal(V1.Verdict.Accepted, Assert.Single(events.Samples()).Verdict);
        Assert.Equal(2, host.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task A_sandbox_that_keeps_failing_ends_the_evaluation_and_what_was_done_is_kept()
    {
        var request = Requests.Of(V1.Strategy.Sample, problems: 1, samples: 4);
        await using var host = await EvaluationHost.StartAsync(_runs, options => options with { JudgeRetries = 0 });
        host.Policy.Answer = (_, _, _, i) => Programs.Passing(4, $"{i}");
        host.Sandbox.Before = (_, run) => run.Program.Contains("'2'", StringComparison.Ordinal) ? V1.Verdict.InternalError : null;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.EvaluateAsync(request));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal("sandbox: no verdict on a program of problem p0: scripted", error.Status.Detail);
        Assert.Equal(2, (await File.ReadAllLinesAsync(_runs.Log, Token)).Length);

        host.Sandbox.Before = (_, _) => null;
        var runs = host.Sandbox.Requests.Count;
        var events = await host.EvaluateAsync(request);
        Assert.Equal((2, 1.0), (events[0].Started.KnownSamples, events.Finished().Metric("pass@4").Value));
        Assert.Equal(runs + 2, host.Sandbox.Requests.Count);
    }

    [Theory]
    [InlineData(V1.Strategy.Greedy)]
    [InlineData(V1.Strategy.Mcts)]
    public async Task A_policy_that_is_away_for_a_while_costs_time_and_no_sample(V1.Strategy strategy)
    {
        await using var host = await EvaluationHost.StartAsync(_runs, options => options with { EvaluationRetries = 4 });
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(4);
        host.Policy.Before = (call, _) => call > 4 ? Task.CompletedTask : throw new RpcException(new Status(StatusCode.ResourceExhausted, "full"));
        var events = await host.EvaluateAsync(Requests.Of(strategy, problems: 1));
        Assert.Equal(V1.Verdict.Accepted, Assert.Single(events.Samples()).Verdict);
    }

    [Fact]
    public async Task Cancelled_it_frees_the_model_within_a_second_keeps_what_was_done_and_goes_on()
    {
        var request = Requests.Of(V1.Strategy.Greedy, problems: 6);
        await using var host = await EvaluationHost.StartAsync(_runs, options => options with { EvaluatedProblems = 1 });
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(4);
        var (reached, freed) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Policy.Before = async (call, context) =>
        {
            if (call == 4)
            {
                context.CancellationToken.Register(() => freed.TrySetResult());
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
        };
        using var cancel = new CancellationTokenSource();
        using var call = host.Client.Evaluate(request, cancellationToken: cancel.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await freed.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"took {clock.Elapsed}");

        var events = await host.EvaluateAsync(request);
        Assert.Equal(3, events[0].Started.KnownSamples);
        Assert.Equal(1, events.Finished().Metric("pass@1").Value);
        Assert.Equal(7, host.Policy.Requests.Count);
    }
}
