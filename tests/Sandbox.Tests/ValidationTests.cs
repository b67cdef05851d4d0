using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

public sealed class ValidationTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    public static TheoryData<string, Action<ExecuteRequest>> BadFields { get; } = new()
    {
        { "language", request => request.Language = Language.Unspecified },
        { "language", request => request.Language = (Language)999 },
        { "program", request => request.Program = new string('#', (1 << 20) + 1) },
        { "tests", request => request.Tests.Clear() },
        { "tests", request => request.Tests.AddRange(Enumerable.Repeat(request.Tests[0], 1000)) },
        { "tests[1].kind", request => request.Tests.Add(new TestCase()) },
        { "tests[1].kind", request => request.Tests.Add(new TestCase { Assertion = new AssertionTest { Code = "assert True" } }) },
        { "limits.cpu_seconds", request => request.Limits.CpuSeconds = double.NaN },
        { "limits.cpu_seconds", request => request.Limits.CpuSeconds = -1 },
        { "limits.cpu_seconds", request => request.Limits.CpuSeconds = 61 },
        { "limits.wall_seconds", request => request.Limits.WallSeconds = double.PositiveInfinity },
        { "limits.wall_seconds", request => request.Limits.WallSeconds = 0.01 },
        { "limits.memory_bytes", request => request.Limits.MemoryBytes = 1 },
        { "limits.memory_bytes", request => request.Limits.MemoryBytes = long.MaxValue },
        { "limits.processes", request => request.Limits.Processes = 257 },
        { "limits.output_bytes", request => request.Limits.OutputBytes = 1023 },
        { "limits.file_bytes", request => request.Limits.FileBytes = -5 },
        { "limits.open_files", request => request.Limits.OpenFiles = 7 },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_bad_field_is_named(string field, Action<ExecuteRequest> spoil)
    {
        var request = new ExecuteRequest
        {
            Language = Language.Python,
            Program = "print(1)",
            Limits = new ExecutionLimits(),
            Tests = { new TestCase { Stdio = new StdioTest { Stdout = "1" } } },
        };
        spoil(request);
        var exception = await Assert.ThrowsAsync<RpcException>(async () =>
            await host.Client.ExecuteAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.StartsWith(field + " is ", exception.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(": expected ", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("assert f(1) ==", "SyntaxError")]
    [InlineData("  ", "a Python statement")]
    public async Task An_assertion_that_does_not_parse_is_the_callers_mistake(string code, string said)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => host.AssertAsync("def f(x):\n    return x", code));
        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.StartsWith("tests[0].assertion.code is '", exception.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(said, exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capabilities_say_what_is_in_force()
    {
        var capabilities = await host.Client.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(Language.Python, capabilities.Languages);
        Assert.Equal(capabilities.Languages.Order(), capabilities.Toolchains.Select(toolchain => toolchain.Language).Order());
        Assert.Empty(capabilities.Languages.Intersect(capabilities.Missing.Select(missing => missing.Language)));
        Assert.True(capabilities.Isolated);
        Assert.Contains(capabilities.Isolation, line => line.StartsWith("namespaces: user, mount, pid, network, ipc, uts", StringComparison.Ordinal));
        Assert.Contains(capabilities.Isolation, line => line == "seccomp: on");
        Assert.Contains(capabilities.Limiter, new[] { "cgroup-v2", "cgroup-v1", "rlimit" });
        Assert.True(File.Exists(capabilities.Python.Split(' ')[0]), capabilities.Python);
        Assert.Equal(2, capabilities.Concurrency);
        Assert.Equal(5, capabilities.DefaultLimits.CpuSeconds);
    }
}
