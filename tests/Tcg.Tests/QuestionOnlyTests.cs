using Grpc.Core;

namespace O1Coder.Tcg.Tests;

public sealed class QuestionOnlyTests
{
    [Fact]
    public async Task AnOutputOnWhichTheProgramsAgreeMakesATest()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (request, i) => ScriptedPolicy.IsForProgram(request)
            ? $"def add(a, b):\n    return {i % 6}\n"
            : Requests.Answer(("1, 2", null), ("3, 4", "999"), ("5, 6", null), ("f(1)", null), ("1,2", null));

        // Programs 0 to 5: 4 does not compile, 5 fails; on (3, 4) the others part, on (5, 6) only one runs.
        host.Sandbox.Run = (program, test) =>
        {
            var which = program[^2] - '0';
            return which == 4 ? (V1.Verdict.CompileError, "")
                : which == 5 || (test.Assertion.Code.Contains('6', StringComparison.Ordinal) && which > 0) ? (V1.Verdict.RuntimeError, "")
                : (V1.Verdict.Accepted, test.Assertion.Code.Contains('4', StringComparison.Ordinal) ? $"{which % 2}" : which == 3 ? "0" : "3");
        };

        var (finished, progress) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add(), Temperature = 0 });

        var test = Assert.Single(finished.Tests);
        Assert.Equal("assert add(1, 2) == 3", test.Test.Assertion.Code);
        Assert.Equal((V1.TestOrigin.Agreement, 3, 4), (test.Origin, test.Agreed, test.Ran));
        Assert.Equal(
            new V1.TestCounts
            {
                Written = 5,
                FormatErrors = 1,
                Duplicates = 1,
                InvalidInputs = 1,
                Disagreements = 1,
                Good = 1,
                Programs = 12,
                DistinctPrograms = 5,
            },
            finished.Counts);
        Assert.Equal(
            ["writing inputs", "writing programs", "running programs"], progress.Select(one => one.Activity).Distinct());
        Assert.All(host.Sandbox.Requests, one => Assert.All(one.Tests, probe => Assert.EndsWith("!= object()", probe.Assertion.Code)));

        // The programs are written from the problem alone, and differ whatever the temperature of inputs is.
        var programs = host.Policy.Requests.Single(ScriptedPolicy.IsForProgram);
        Assert.Equal((12, 0.8f), (programs.Sequences, programs.Sampling.Temperature));
        Assert.DoesNotContain("case", ScriptedPolicy.UserText(programs));
    }

    [Fact]
    public async Task WithoutAgreementTheErrorSaysWhatWasTried()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (request, i) => ScriptedPolicy.IsForProgram(request)
            ? $"def add(a, b):\n    return {i}\n"
            : Requests.Answer(($"{request.Sampling.Seed % 100000}, {i}", null));
        host.Sandbox.Run = (program, _) => (V1.Verdict.Accepted, program.Length + program[^2..].Trim());

        var error = await Assert.ThrowsAsync<RpcException>(
            () => host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add(), Programs = 4, Attempts = 2 }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.StartsWith("no test could be agreed on: 4 inputs written (0 not in the asked-for form, 0 repeated, 0 on which fewer than 2 programs ran, 4 on which too few agreed), 4 programs sampled (4 distinct ones compile)", error.Status.Detail);
    }

    [Fact]
    public async Task OneProgramAloneIsNoAgreement()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (request, _) => ScriptedPolicy.IsForProgram(request) ? "def add(a, b):\n    return 1\n" : Requests.Answer(("1, 2", null));

        var error = await Assert.ThrowsAsync<RpcException>(
            () => host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add() }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Empty(host.Sandbox.Requests);
    }

    [Fact]
    public async Task WithoutIsolationNoTokenIsSpent()
    {
        await using var host = await TcgHost.StartAsync();
        host.Sandbox.Isolated = false;

        var error = await Assert.ThrowsAsync<RpcException>(
            () => host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add() }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("no namespaces", error.Status.Detail);
        Assert.Empty(host.Policy.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancellingEndsTheCallsBelow(bool inPolicy)
    {
        await using var host = await TcgHost.StartAsync();
        var reached = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        host.Policy.Answer = (request, i) => ScriptedPolicy.IsForProgram(request) ? $"def add(a, b):\n    return {i}\n" : Requests.Answer(("1, 2", null));
        Func<ServerCallContext, Task> wait = async context =>
        {
            using var registered = context.CancellationToken.Register(() => ended.TrySetResult());
            reached.TrySetResult();
            await ended.Task;
        };
        (host.Policy.Before, host.Sandbox.Before) = inPolicy ? (wait, host.Sandbox.Before) : (host.Policy.Before, wait);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = host.Client.GenerateTests(
            new V1.GenerateTestsRequest { Problem = Requests.Add() }, cancellationToken: cancellation.Token);

        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task MoreGenerationsThanPlacesAreRefused()
    {
        await using var host = await TcgHost.StartAsync(null, ("Tcg:Generations", "1"));
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        host.Policy.Answer = (_, _) => Requests.Answer(("1, 2", "3"));
        host.Policy.Before = async _ =>
        {
            reached.TrySetResult();
            await release.Task;
        };
        var request = new V1.GenerateTestsRequest { Problem = Requests.Add("a"), Temperature = 0 };
        var first = host.GenerateAsync(request);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<RpcException>(() => host.GenerateAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);

        release.SetResult();
        Assert.Single((await first).Finished.Tests);
        Assert.Single((await host.GenerateAsync(request)).Finished.Tests);
    }
}
