using Grpc.Core;

namespace O1Coder.Prm.Tests;

public sealed class ScoreTests
{
    private static V1.ScoreStepsRequest Two() => new()
    {
        Problem = PrmHost.Problem(),
        Steps = { PrmHost.Step("1. Add.\n"), PrmHost.Step("def add(a, b):\n    return a + b\n", V1.StepAction.Code) },
    };

    [Fact]
    public async Task WithAnAdapterTheLabelsAreReadBeforeEachTag()
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.Adapters = ["prm"];
        host.Policy.First = before => before.EndsWith("return a + b", StringComparison.Ordinal) ? -1 : 1;

        var response = await host.ScoreAsync(Two());

        Assert.Equal([1 / (1 + Math.Exp(-2)), 0.5], response.Rewards);
        Assert.Equal((V1.PrmMode.Trained, "prm"), (response.Mode, response.Model.Adapter));
        var request = Assert.Single(host.Policy.Requests);
        Assert.Equal([" +", " -"], request.Labels);
        Assert.Equal(
            "Problem:\nAdd two numbers.\n\nSignature: def add(a: int, b: int) -> int:\n\nTests:\nassert add(1, 2) == 3\n\nSolution in steps:",
            Assert.Single(request.Prompt.Parts).Text);
        Assert.Equal(
            ["\n\nStep 1, define the structure:\n1. Add.", "\n\nStep 2, write the program:\ndef add(a, b):\n    return a + b"],
            request.Segments.Select(one => Assert.Single(one.Text.Parts).Text));
        Assert.All(request.Segments, one => Assert.Equal(" Rating", Assert.Single(one.Separator.Parts).Text));
    }

    [Fact]
    public async Task AThoughtIsAStepAndAProgramInThePlaceOfAnotherIsToBeGivenAsAProgram()
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.Adapters = ["prm"];
        var request = Two();
        request.Steps[0].Action = V1.StepAction.Think;
        await host.ScoreAsync(request);
        Assert.Equal("\n\nStep 1, think:\n1. Add.", Assert.Single(Assert.Single(host.Policy.Requests).Segments[0].Text.Parts).Text);
        request.Steps[1].Action = V1.StepAction.Rewrite;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.ScoreAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("steps[1].action is '7': expected 1 (define structure), 2 (refine), 3 (code) or 4 (think)", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAnAdapterEachStepIsAskedAbout()
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.First = before => before.Contains("Step 2", StringComparison.Ordinal) ? 0 : -1;

        var response = await host.ScoreAsync(Two());

        Assert.Equal([0.5, 1 / (1 + Math.Exp(-1))], response.Rewards);
        Assert.Equal(V1.PrmMode.ZeroShot, response.Mode);
        Assert.Equal(2, host.Policy.Requests.Count);
        Assert.All(host.Policy.Requests, one => Assert.Equal([" Yes", " No"], one.Labels));
        Assert.Contains(host.Policy.Requests, one => ScriptedPolicy.TextOf(one.Prompt).Contains("Is step 1 correct", StringComparison.Ordinal));
        Assert.All(host.Policy.Requests, one => Assert.Equal("Answer:", ScriptedPolicy.TextOf(one.Segments[0].Text)));

        // An empty name asks for the same although there is an adapter.
        host.Policy.Adapters = ["prm"];
        var request = Two();
        request.Adapter = "";
        Assert.Equal(V1.PrmMode.ZeroShot, (await host.ScoreAsync(request)).Mode);
    }

    [Theory]
    [InlineData("prm", V1.PrmMode.Trained)]
    [InlineData("", V1.PrmMode.ZeroShot)]
    public async Task CandidatesAreScoredAfterTheirPrefix(string adapter, V1.PrmMode mode)
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.First = before => before.Contains("better", StringComparison.Ordinal) ? 2 : -3;

        var response = await host.CompareAsync(new V1.CompareRequest
        {
            Problem = PrmHost.Problem(),
            Prefix = { PrmHost.Step("1. Add.") },
            Candidates = { PrmHost.Step("worse", V1.StepAction.Refine), PrmHost.Step("better", V1.StepAction.Refine) },
            Adapter = adapter,
        });

        Assert.Equal([-2, 3], response.Scores);
        Assert.Equal(mode, response.Mode);
        Assert.Equal(2, host.Policy.Requests.Count);
        if (mode == V1.PrmMode.Trained)
        {
            Assert.All(host.Policy.Requests, one => Assert.Equal(
                ["\n\nStep 1, define the structure:\n1. Add.", " Rating"], one.Prompt.Parts.Skip(1).Select(part => part.Text)));
        }
    }

    [Fact]
    public async Task NothingHiddenReachesThePrompt()
    {
        await using var host = await PrmHost.StartAsync();
        foreach (var adapter in (string[])["", "prm"])
        {
            var request = Two();
            request.Adapter = adapter;
            await host.ScoreAsync(request);
        }

        Assert.All(host.Policy.Requests, one => Assert.DoesNotContain("add(9, 9)", ScriptedPolicy.TextOf(one.Prompt)));
        Assert.All(host.Policy.Requests, one => Assert.DoesNotContain("secret", ScriptedPolicy.TextOf(one.Prompt)));
    }

    [Fact]
    public void LongTestsAreShortened()
    {
        var problem = PrmHost.Problem();
        problem.VisibleTests.Add(new V1.TestCase { Assertion = new V1.AssertionTest { Code = $"assert add({new string('7', 700)}, 1) == 2" } });
        Assert.DoesNotContain("777", PrmTexts.Problem(problem));

        problem.VisibleTests.RemoveAt(0);
        Assert.Contains(new string('7', 500), PrmTexts.Problem(problem));
        Assert.InRange(PrmTexts.Problem(problem).Length, 600, 800);
    }

    [Fact]
    public async Task AnAnswerThatIsTooShortIsAnError()
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.Adapters = ["prm"];
        host.Policy.Missing = 1;

        var error = await Assert.ThrowsAsync<RpcException>(() => host.ScoreAsync(Two()));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("expected 2", error.Status.Detail);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, StatusCode.NotFound)]
    [InlineData(StatusCode.Internal, StatusCode.Unavailable)]
    public async Task WhatPolicySaysIsToldOn(StatusCode said, StatusCode told)
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.Before = _ => throw new RpcException(new Status(said, "no adapter 'x'"));

        var error = await Assert.ThrowsAsync<RpcException>(() => host.ScoreAsync(Two()));

        Assert.Equal(told, error.StatusCode);
        Assert.Contains("no adapter 'x'", error.Status.Detail);
    }

    [Fact]
    public async Task CancellingEndsTheCallBelow()
    {
        await using var host = await PrmHost.StartAsync();
        var reached = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        host.Policy.Before = async context =>
        {
            using var registered = context.CancellationToken.Register(() => ended.TrySetResult());
            reached.TrySetResult();
            await ended.Task;
        };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var call = host.Client.ScoreStepsAsync(Two(), cancellationToken: cancellation.Token).ResponseAsync;
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    [Fact]
    public async Task BadInputIsNamed()
    {
        await using var host = await PrmHost.StartAsync();
        await RefusedAsync(request => request.Problem = null, "problem is absent");
        await RefusedAsync(request => request.Problem.Statement = "", "problem.statement is ''");
        await RefusedAsync(request => request.Problem.Signature = "add", "problem.signature is 'add'");
        await RefusedAsync(request => request.Problem.Mode = (V1.ProblemMode)99, "problem.mode is '99'");
        await RefusedAsync(request => request.Problem.VisibleTests.Add(new V1.TestCase()), "problem.visible_tests[1].kind is 'None'");
        await RefusedAsync(request => request.Problem.Statement = new string(' ', 100_000), $"problem.statement is '{new string(' ', 80)}…'");
        await RefusedAsync(request => request.Steps.Add(Enumerable.Repeat(PrmHost.Step("x"), 10_000)), "steps is '10002 steps'");
        await RefusedAsync(request => request.Steps[0].Action = (V1.StepAction)99, "steps[0].action is '99'");
        await RefusedAsync(request => request.Steps.Clear(), "steps is '0 steps': expected 1 to 64 steps");
        await RefusedAsync(request => request.Steps[1].Action = V1.StepAction.Unspecified, "steps[1].action is '0'");
        var none = await Assert.ThrowsAsync<RpcException>(() => host.CompareAsync(new V1.CompareRequest { Problem = PrmHost.Problem() }));
        Assert.StartsWith("candidates is '0 steps'", none.Status.Detail);
        Assert.Empty(host.Policy.Requests);

        async Task RefusedAsync(Action<V1.ScoreStepsRequest> change, string message)
        {
            var request = Two();
            change(request);
            var error = await Assert.ThrowsAsync<RpcException>(() => host.ScoreAsync(request));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.StartsWith(message, error.Status.Detail);
        }
    }
}
