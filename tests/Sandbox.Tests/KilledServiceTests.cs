using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>The service as a process of its own, killed without a chance to tidy up.</summary>
public sealed class KilledServiceTests(ITestOutputHelper output)
{
    private const int Jobs = 8;

    [Fact]
    public async Task Its_jobs_die_with_it_and_callers_retry()
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        string owner;
        using (var service = Start(address))
        {
            try
            {
                owner = await KillAsync(address, service);
            }
            finally
            {
                service.Kill();
            }
        }

        using var next = Start(address);
        try
        {
            using var channel = GrpcChannel.ForAddress(address);
            var client = await ReadyAsync(channel);
            Assert.DoesNotContain(Groups(), group => group.EndsWith($"-{owner}", StringComparison.Ordinal));
            var request = Request("print(input())", "key-0");
            Assert.Equal(Verdict.Accepted, (await client.ExecuteAsync(request, cancellationToken: TestContext.Current.CancellationToken)).Verdict);
        }
        finally
        {
            next.Kill();
        }
    }

    [Fact]
    public async Task A_stop_lets_what_runs_end()
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        using var service = Start(address);
        try
        {
            using var channel = GrpcChannel.ForAddress(address);
            var client = await ReadyAsync(channel);
            using var call = client.ExecuteAsync(Request("import time\ntime.sleep(2)\nprint(input())", ""), cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(LauncherProcesses.WaitFor(service.Id, running: true, seconds: 60));
            using var stop = Process.Start("kill", ["-TERM", $"{service.Id}"]);
            Assert.Equal(Verdict.Accepted, (await call).Verdict);
            await service.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, service.ExitCode);
        }
        finally
        {
            service.Kill();
        }
    }

    private async Task<string> KillAsync(string address, Process service)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var client = await ReadyAsync(channel);
        var calls = Enumerable.Range(0, Jobs).Select(job =>
            client.ExecuteAsync(Request("while True: pass", $"key-{job}"), cancellationToken: TestContext.Current.CancellationToken)).ToList();
        Assert.True(SpinWait.SpinUntil(() => LauncherProcesses.Programs(service.Id).Count == Jobs, TimeSpan.FromSeconds(60)));
        var programs = LauncherProcesses.Programs(service.Id);
        var launcher = LauncherProcesses.Children(service.Id).Single();
        var owner = $"{launcher}-{File.ReadAllText($"/proc/{launcher}/stat").Split(") ")[^1].Split(' ')[19]}";

        var began = Stopwatch.GetTimestamp();
        service.Kill();
        Assert.True(SpinWait.SpinUntil(() => programs.All(LauncherProcesses.IsDead), TimeSpan.FromSeconds(10)));
        output.WriteLine($"{Jobs} jobs dead {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms after the service was killed");
        Assert.True(SpinWait.SpinUntil(() => LauncherProcesses.IsDead(launcher), TimeSpan.FromSeconds(10)));
        foreach (var call in calls)
        {
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
            call.Dispose();
        }

        return owner;
    }

    private static Process Start(string address) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "O1Coder.Sandbox.dll"), $"--urls={address}", $"--Sandbox:Concurrency={Jobs}"])
        {
            RedirectStandardOutput = true,
        })!;

    private static async Task<SandboxService.SandboxServiceClient> ReadyAsync(GrpcChannel channel)
    {
        var client = new SandboxService.SandboxServiceClient(channel);
        await client.GetCapabilitiesAsync(new GetCapabilitiesRequest(),
            new CallOptions(deadline: DateTime.UtcNow.AddSeconds(60), cancellationToken: TestContext.Current.CancellationToken).WithWaitForReady());
        return client;
    }

    private static ExecuteRequest Request(string program, string key) => new()
    {
        Language = Language.Python,
        Program = program,
        Limits = new ExecutionLimits { CpuSeconds = 50, WallSeconds = 100 },
        Tests = { new TestCase { Stdio = new StdioTest { Stdin = "1", Stdout = "1" } } },
        IdempotencyKey = key,
    };

    private static IEnumerable<string> Groups() => Directory.Exists("/sys/fs/cgroup")
        ? Directory.EnumerateDirectories("/sys/fs/cgroup", "o1coder-sandbox-*",
            new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true })
        : [];
}
