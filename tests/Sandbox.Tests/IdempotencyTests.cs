using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>A request that comes again under its key.</summary>
public sealed class IdempotencyTests
{
    private int _runs;

    [Fact]
    public async Task Those_who_wait_and_those_who_come_later_get_the_one_answer()
    {
        var answers = new IdempotentAnswers(TimeProvider.System);
        var gate = new TaskCompletionSource<ExecuteResponse>();
        var both = new[] { Ask(answers, "k", "a", _ => gate.Task), Ask(answers, "k", "a", _ => gate.Task) };
        gate.SetResult(new ExecuteResponse { Message = "one" });
        Assert.All(await Task.WhenAll(both), answer => Assert.Equal("one", answer.Message));
        Assert.Equal("one", (await Ask(answers, "k", "a", _ => throw new InvalidOperationException("run twice"))).Message);
        Assert.Equal(1, _runs);
        var exception = await Assert.ThrowsAsync<RpcException>(() => Ask(answers, "k", "b", _ => gate.Task));
        Assert.Equal(StatusCode.AlreadyExists, exception.StatusCode);
    }

    [Fact]
    public async Task An_error_and_a_failure_of_the_sandbox_are_run_again()
    {
        var answers = new IdempotentAnswers(TimeProvider.System);
        await Assert.ThrowsAsync<RpcException>(() => Ask(answers, "k", "a", _ => throw new RpcException(new Status(StatusCode.Unavailable, "lost"))));
        Assert.Equal(Verdict.InternalError, (await Ask(answers, "k", "a", _ => Task.FromResult(new ExecuteResponse { Verdict = Verdict.InternalError }))).Verdict);
        Assert.Equal(0, answers.Count);
        Assert.Equal("now", (await Ask(answers, "k", "a", _ => Task.FromResult(new ExecuteResponse { Message = "now" }))).Message);
        Assert.Equal(3, _runs);
    }

    [Fact]
    public async Task The_run_ends_when_nobody_waits_and_goes_on_while_somebody_does()
    {
        var answers = new IdempotentAnswers(TimeProvider.System);
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var ended = new TaskCompletionSource();
        Task<ExecuteResponse> Forever(CancellationToken token)
        {
            token.Register(ended.SetResult);
            return new TaskCompletionSource<ExecuteResponse>().Task.WaitAsync(token);
        }

        var one = answers.GetAsync(Request("k", "a"), Forever, first.Token);
        var two = answers.GetAsync(Request("k", "a"), Forever, second.Token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(ended.Task.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, answers.Count);
    }

    [Fact]
    public async Task Answers_are_bounded_in_bytes_and_in_time()
    {
        var clock = new StoppedClock();
        var answers = new IdempotentAnswers(clock) { MostBytes = 10_000 };
        for (var key = 0; key < 100; key++)
        {
            await Ask(answers, $"{key}", "a", _ => Task.FromResult(new ExecuteResponse { Message = new string('x', 1000) }));
        }

        Assert.InRange(answers.Count, 1, 9);
        clock.Seconds = 601;
        await Ask(answers, "last", "a", _ => Task.FromResult(new ExecuteResponse()));
        Assert.Equal(1, answers.Count);
    }

    [Fact]
    public async Task Over_the_wire_a_key_gives_one_run()
    {
        await using var host = await SandboxHost.StartAsync();
        var request = Request("k1", "import os\nprint(os.urandom(8).hex())");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Client.ExecuteAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync));
        Assert.Single(answers.Select(answer => answer.Results.Single().Actual).Distinct());
        request.Program += "\n";
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.ExecuteAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.AlreadyExists, exception.StatusCode);
    }

    private Task<ExecuteResponse> Ask(IdempotentAnswers answers, string key, string program, Func<CancellationToken, Task<ExecuteResponse>> run) =>
        answers.GetAsync(Request(key, program), token =>
        {
            _runs++;
            return run(token);
        }, TestContext.Current.CancellationToken);

    private static ExecuteRequest Request(string key, string program) => new()
    {
        Language = Language.Python,
        Program = program,
        Tests = { new TestCase { Stdio = new StdioTest() } },
        IdempotencyKey = key,
    };

    private sealed class StoppedClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
