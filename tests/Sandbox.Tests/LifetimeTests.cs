using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

public sealed class LifetimeTests
{
    private static readonly ExecutionLimits s_long = new() { CpuSeconds = 50, WallSeconds = 50 };

    [Fact]
    public async Task A_lost_caller_ends_the_job_within_a_second()
    {
        await using var host = await SandboxHost.StartAsync(("Concurrency", 1));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = host.Client.ExecuteAsync(Request("while True: pass"), cancellationToken: cancel.Token);
        var launcher = host.Services.GetRequiredService<Launcher>();
        Assert.True(LauncherProcesses.WaitFor(launcher.ProcessId, running: true));
        var began = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await call);
        Assert.True(LauncherProcesses.WaitFor(launcher.ProcessId, running: false));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);

        // The box is free again.
        Assert.Equal(Verdict.Accepted, (await host.StdioAsync("print(1)", "", "1")).Verdict);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        await using var host = await SandboxHost.StartAsync(("Concurrency", 1), ("Queue", 2));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var first = host.Client.ExecuteAsync(Request("while True: pass"), cancellationToken: cancel.Token);
        using var second = host.Client.ExecuteAsync(Request("while True: pass"), cancellationToken: cancel.Token);
        Assert.True(SpinWait.SpinUntil(() => host.Services.GetRequiredService<Admission>().Requests == 2, TimeSpan.FromSeconds(10)));
        var exception = await Assert.ThrowsAsync<RpcException>(() => host.StdioAsync("print(1)"));
        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await first);
        await Assert.ThrowsAnyAsync<Exception>(async () => await second);
    }

    [Fact]
    public async Task Many_callers_get_their_own_answers()
    {
        await using var host = await SandboxHost.StartAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 24).Select(number => host.StdioAsync("print(int(input()) * 7)", $"{number}", $"{number * 7}")));
        Assert.All(results, result => Assert.Equal(Verdict.Accepted, result.Verdict));
        Assert.Equal(Enumerable.Range(0, 24).Select(number => $"{number * 7}\n"), results.Select(result => result.Actual));
    }

    [Fact]
    public async Task A_killed_launcher_takes_its_jobs_along_and_is_started_again()
    {
        await using var host = await SandboxHost.StartAsync();
        var launcher = host.Services.GetRequiredService<Launcher>();
        using var call = host.Client.ExecuteAsync(Request("while True: pass"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(LauncherProcesses.WaitFor(launcher.ProcessId, running: true));
        var program = LauncherProcesses.Programs(launcher.ProcessId)[0];
        var supervisors = LauncherProcesses.Children(launcher.ProcessId);
        using (var process = Process.GetProcessById(launcher.ProcessId))
        {
            process.Kill();
        }

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        Assert.True(SpinWait.SpinUntil(() => supervisors.Append(program).All(LauncherProcesses.IsDead), TimeSpan.FromSeconds(2)));
        Assert.Equal(Verdict.Accepted, (await host.StdioAsync("print(1)", "", "1")).Verdict);
    }

    [Fact]
    public async Task Health_is_whether_programs_run()
    {
        await using var host = await SandboxHost.StartAsync();
        var launcher = host.Services.GetRequiredService<Launcher>();
        var check = new BoxHealthCheck(launcher, host.Services.GetRequiredService<BoxRunner>()) { Fresh = TimeSpan.Zero };
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(check)).Status);
        Assert.InRange(launcher.SinceAnswer, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        int[] processes = [launcher.ProcessId, .. LauncherProcesses.Children(launcher.ProcessId)];
        LauncherProcesses.Signal("STOP", processes);
        try
        {
            var stopped = new BoxHealthCheck(launcher, host.Services.GetRequiredService<BoxRunner>()) { Fresh = TimeSpan.Zero, Limit = TimeSpan.FromSeconds(0.3) };
            var result = await CheckAsync(stopped);
            Assert.Equal((HealthStatus.Unhealthy, "\"print(6 * 7)\" did not end within 0.3 s"), (result.Status, result.Description));

            // An answer of a moment ago would have counted.
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync(new BoxHealthCheck(launcher, host.Services.GetRequiredService<BoxRunner>()))).Status);
        }
        finally
        {
            LauncherProcesses.Signal("CONT", processes);
        }

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(check)).Status);

        static Task<HealthCheckResult> CheckAsync(BoxHealthCheck check) =>
            check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_killed_supervisor_fails_its_own_run_alone()
    {
        await using var host = await SandboxHost.StartAsync();
        var launcher = host.Services.GetRequiredService<Launcher>().ProcessId;
        using var call = host.Client.ExecuteAsync(Request("while True: pass"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(LauncherProcesses.WaitFor(launcher, running: true));
        var program = LauncherProcesses.Programs(launcher)[0];
        var supervisor = LauncherProcesses.Children(launcher).Single(child => LauncherProcesses.Programs(child).Contains(program));
        Kill(supervisor);

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        Assert.True(SpinWait.SpinUntil(() => LauncherProcesses.IsDead(program), TimeSpan.FromSeconds(10)));
        Assert.Equal(Verdict.Accepted, (await host.StdioAsync("print(1)", "", "1")).Verdict);
        Assert.True(SpinWait.SpinUntil(() => LauncherProcesses.Children(launcher).Count == LauncherProcesses.Supervisors(2), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Killed_zygotes_and_waiting_boxes_fail_no_run()
    {
        await using var host = await SandboxHost.StartAsync();
        var launcher = host.Services.GetRequiredService<Launcher>().ProcessId;
        Assert.True(SpinWait.SpinUntil(() => LauncherProcesses.Zygotes(launcher).Count == LauncherProcesses.Supervisors(2), TimeSpan.FromSeconds(20)));
        foreach (var zygote in LauncherProcesses.Zygotes(launcher))
        {
            Kill(zygote);
        }

        // With the boxes made before, and with those that new zygotes make.
        for (var run = 0; run < 12; run++)
        {
            Assert.Equal(Verdict.Accepted, (await host.StdioAsync("print(1)", "", "1")).Verdict);
        }

        foreach (var box in LauncherProcesses.Children(launcher).SelectMany(LauncherProcesses.Children).Except(LauncherProcesses.Zygotes(launcher)))
        {
            Kill(box);
        }

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.StdioAsync("print(1)", "", "1")));
        Assert.All(results, result => Assert.Equal(Verdict.Accepted, result.Verdict));
    }

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    [Theory]
    [InlineData("rlimit")]
    [InlineData("auto")]
    public async Task Each_limiter_holds(string limiter)
    {
        await using var host = await SandboxHost.StartAsync(("Limiter", limiter));
        var response = await host.ExecuteAsync("x = bytearray(32 << 20)\nprint(len(x))", new ExecutionLimits { MemoryBytes = 96 << 20 }, new TestCase { Stdio = new StdioTest { Stdout = "33554432" } });
        Assert.Equal((Verdict.Accepted, host.Services.GetRequiredService<Launcher>().Report.Limiter), (response.Verdict, response.Limiter));
        Assert.InRange(response.Usage.PeakMemoryBytes, 32 << 20, 96 << 20);
        Assert.Equal(Verdict.MemoryLimit, (await host.StdioAsync("x = bytearray(200 << 20)", "", "", new ExecutionLimits { MemoryBytes = 96 << 20 })).Verdict);
        var many = await host.StdioAsync("import os, time\nfor _ in range(50):\n    if os.fork() == 0:\n        time.sleep(9)", "", "", new ExecutionLimits { Processes = 8 });
        Assert.True(many.Verdict == Verdict.RuntimeError && many.Stderr.Contains("BlockingIOError", StringComparison.Ordinal), $"{many}");
        Assert.Equal(Verdict.TimeLimit, (await host.StdioAsync("import os\nos.fork()\nos.fork()\nwhile True: pass", "", "", new ExecutionLimits { CpuSeconds = 0.3 })).Verdict);
    }

    [Fact]
    public async Task Folders_of_dead_services_are_swept_and_those_of_live_ones_stay()
    {
        var parent = Path.Combine(Path.GetTempPath(), $"o1sbt-{Environment.ProcessId}");
        var dead = Directory.CreateDirectory(Path.Combine(parent, "o1sb-999999999-1-00000000"));
        try
        {
            await using (var host = await SandboxHost.StartAsync(("RunFolder", parent)))
            {
                Assert.False(dead.Exists && Directory.Exists(dead.FullName));
                await using var other = await SandboxHost.StartAsync(("RunFolder", parent));
                Assert.Equal(2, Directory.EnumerateDirectories(parent).Count());
                Assert.Equal(Verdict.Accepted, (await host.StdioAsync("print(1)", "", "1")).Verdict);
            }

            Assert.Empty(Directory.EnumerateDirectories(parent));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    private static ExecuteRequest Request(string program) =>
        new() { Language = Language.Python, Program = program, Limits = s_long, Tests = { new TestCase { Stdio = new StdioTest() } } };
}
