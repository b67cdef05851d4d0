using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;

namespace O1Coder.Hosting.Tests;

/// <summary>Ports, free and fixed.</summary>
public sealed class PortTests
{
    [Fact]
    public async Task AFixedPortInUseIsToldInOneLineAndNothingStarts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var test = new TestApplication();
        test.Script("early", "touch started; sleep 600");
        test.Script("api", "sleep 600").WithHttpEndpoint(port: port);
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(test.StartAsync);
        Assert.StartsWith($"port {port} is in use:", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.False(File.Exists(Path.Combine(test.Folder, "started")));
    }

    [Fact]
    public async Task AFixedPortIsTheOneThatTheResourceListensOn()
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        await using var test = new TestApplication();
        var api = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithHttpEndpoint(port: port).WithHttpHealthCheck("/health");
        await test.StartAsync();
        await test.Notifications.WaitForResourceHealthyAsync("api", TestApplication.Limit);
        Assert.Equal($"http://127.0.0.1:{port}", api.GetEndpoint("http").Url);
    }
}
