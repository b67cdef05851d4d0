using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>Functions, checkers, trust, traces and metrics, as a caller sees them.</summary>
public sealed class JudgingTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task A_function_is_compared_outside_its_box()
    {
        var response = await RunAsync(new ExecuteRequest { Program = "def f(x):\n    print('noise')\n    return [x, 'é']", Entry = "f", Tests = { Call("[1]", "[1, \"é\"]"), Call("[2]", "[3]") } });
        Assert.Equal((Verdict.WrongAnswer, 1, Trust.High), (response.Verdict, response.Passed, response.Trust));
        var first = response.FirstFailure;
        Assert.Equal(("[2]", "[3]", "[2, 'é']", ""), (first.Input, first.Expected, first.Actual, first.Limit));
        Assert.Contains(first.Limiter, new[] { "cgroup-v2", "cgroup-v1", "rlimit" });
    }

    [Theory]
    [InlineData("assert f(1) == 1", Trust.High)]
    [InlineData("x = f(1)\nassert x == 1", Trust.High)]
    [InlineData("import io, sys\nsys.stdout = io.StringIO()\nassert f(1) == 1", Trust.Low)]
    public async Task Trust_is_low_where_a_test_runs_inside(string code, Trust trust)
    {
        var response = await RunAsync(new ExecuteRequest { Program = "def f(x):\n    return x", Tests = { new TestCase { Assertion = new AssertionTest { Code = code } } } });
        Assert.Equal((Verdict.Accepted, trust, trust), (response.Verdict, response.Trust, response.Results[0].Trust));
    }

    [Fact]
    public async Task A_checker_program_sees_input_expected_and_output_and_is_shown()
    {
        var response = await RunAsync(new ExecuteRequest
        {
            Program = "print(int(input()) + 1)",
            Tests = { new TestCase { Stdio = new StdioTest { Stdin = "1", Stdout = "3" } } },
            Checker = new Checker { Kind = CheckerKind.Program, Program = "print(*(open(name).read().strip() for name in ('input.txt', 'expected.txt', 'output.txt')))\nraise SystemExit(1)" },
        });
        Assert.Equal((Verdict.WrongAnswer, "1 3 2\n"), (response.Verdict, response.FirstFailure.Stderr));
    }

    [Fact]
    public async Task A_trace_tells_lines_changes_and_the_exception()
    {
        var response = await RunAsync(new ExecuteRequest
        {
            Program = "def f(x):\n    total = 0\n    for i in range(500):\n        total += i\n    return total // x\n",
            Entry = "f",
            Trace = true,
            Tests = { Call("[1]", "124750"), Call("[0]", "0") },
        });
        Assert.Equal((Verdict.RuntimeError, 1), (response.Verdict, response.FirstFailure.Index));
        Assert.Equal(200, response.Trace.Steps.Count);
        Assert.True(response.Trace.LeftOut > 500);
        Assert.Contains(response.Trace.Steps, step => step is { Line: 3, Event: "line", Function: "f", Source: "    for i in range(500):" } && step.Changes.Contains("total = 0"));
        Assert.Contains(response.Trace.Steps, step => step.Event == "exception" && step.Changes[0].StartsWith("ZeroDivisionError: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("import sys\nsys.settrace(None)\nprint(1)")]
    [InlineData("import os\ntry:\n    os.write(3, b'\\x00\\x00\\xff\\xff')\nexcept OSError:\n    pass\nprint(1)")]
    [InlineData("import os\nos.closerange(3, 64)\nprint(1)")]
    [InlineData("while True: pass")]
    public async Task A_program_that_disturbs_its_trace_has_a_shorter_one(string program)
    {
        var response = await RunAsync(new ExecuteRequest { Program = program, Trace = true, Limits = new ExecutionLimits { CpuSeconds = 1 }, Tests = { new TestCase { Stdio = new StdioTest { Stdout = "2" } } } });
        Assert.Contains(response.Verdict, new[] { Verdict.WrongAnswer, Verdict.TimeLimit });
        Assert.InRange(response.Trace?.Steps.Count ?? 0, 0, 200);
    }

    [Fact]
    public async Task Metrics_are_relative_to_a_reference()
    {
        var response = await RunAsync(new ExecuteRequest
        {
            Program = "# slow\n\ndef f(n):\n    total = 0\n    for i in range(n):\n        if i % 2 and i % 3 or i % 5:\n            total += i\n    return total - total\n",
            Entry = "f",
            Measure = true,
            ReferenceProgram = "def f(n):\n    return 0",
            Tests = { Call("[3000000]", "0") },
        });
        Assert.Equal(Verdict.Accepted, response.Verdict);
        Assert.Equal((6, 5, "cpu"), (response.Metrics.Lines, response.Metrics.CyclomaticComplexity, response.Metrics.CostUnit));
        Assert.True(response.Metrics.RelativeCost > 1.5, $"{response.Metrics}");
        Assert.True(response.Metrics.PeakMemoryBytes > 1 << 20);
    }

    [Theory]
    [InlineData("entry", "f(", "[1]", "1")]
    [InlineData("entry", "", "[1]", "1")]
    [InlineData("tests[0].function.args_json", "f", "{}", "1")]
    [InlineData("tests[0].function.args_json", "f", "[1", "1")]
    [InlineData("tests[0].function.expected_json", "f", "[1]", "")]
    public async Task A_call_that_cannot_be_made_is_the_callers_mistake(string field, string entry, string arguments, string expected)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => RunAsync(new ExecuteRequest { Program = "", Entry = entry, Tests = { Call(arguments, expected) } }));
        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.StartsWith($"{field} is ", exception.Status.Detail, StringComparison.Ordinal);
    }

    private async Task<ExecuteResponse> RunAsync(ExecuteRequest request)
    {
        request.Language = Language.Python;
        return await host.Client.ExecuteAsync(request, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static TestCase Call(string arguments, string expected) => new() { Function = new FunctionTest { ArgsJson = arguments, ExpectedJson = expected } };
}
