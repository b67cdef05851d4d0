using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>The service as a process of its own, killed without a chance to tidy up.</summary>
public sealed class KilledServiceTests
{
    [Fact]
    public async Task Its_jobs_die_with_it()
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "O1Coder.Sandbox.dll"), $"--urls={address}"])
        {
            RedirectStandardOutput = true,
        };
        using var service = Process.Start(start)!;
        try
        {
            await CheckAsync(address, service);
        }
        finally
        {
            service.Kill();
        }
    }

    private static async Task CheckAsync(string address, Process service)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var client = new SandboxService.SandboxServiceClient(channel);
        var token = TestContext.Current.CancellationToken;
        await client.GetCapabilitiesAsync(new GetCapabilitiesRequest(),
            new CallOptions(deadline: DateTime.UtcNow.AddSeconds(60), cancellationToken: token).WithWaitForReady());
        using var call = client.ExecuteAsync(new ExecuteRequest
        {
            Language = Language.Python,
            Program = "while True: pass",
            Limits = new ExecutionLimits { CpuSeconds = 50, WallSeconds = 100 },
            Tests = { new TestCase { Stdio = new StdioTest() } },
        }, cancellationToken: token);
        Assert.True(LauncherProcesses.WaitFor(service.Id, running: true, seconds: 30));
        var program = LauncherProcesses.Programs(service.Id)[0];
        var launcher = LauncherProcesses.Children(service.Id).Single();

        var began = Stopwatch.GetTimestamp();
        service.Kill();
        Assert.True(SpinWait.SpinUntil(() => LauncherProcesses.IsDead(program) && LauncherProcesses.IsDead(launcher), TimeSpan.FromSeconds(10)));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
