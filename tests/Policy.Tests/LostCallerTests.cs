using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace O1Coder.Policy.Tests;

/// <summary>Callers that go away while their answer is written: the engine's work ends. The bound only catches that it does not.</summary>
public sealed class LostCallerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task One_that_cancels() => LeavesAsync((call, _, _) =>
    {
        call.Dispose();
        return Task.CompletedTask;
    });

    [Fact]
    public Task One_that_closes_its_channel() => LeavesAsync((_, channel, _) =>
    {
        channel.Dispose();
        return Task.CompletedTask;
    });

    [Fact]
    public Task One_whose_connection_ends_without_a_word() => LeavesAsync((_, _, relay) => relay.EndAsync(abort: false));

    [Fact]
    public Task One_whose_connection_breaks() => LeavesAsync((_, _, relay) => relay.EndAsync(abort: true));

    private static async Task LeavesAsync(Func<AsyncServerStreamingCall<V1.GenerateResponse>, GrpcChannel, Relay, Task> leave)
    {
        var engine = new ScriptedEngine { Script = ScriptedEngine.Endless };
        await using var host = await PolicyHost.StartAsync(engine);
        await using var relay = Relay.To(host.Address);
        using var channel = GrpcChannel.ForAddress(relay.Address);
        using var call = new V1.PolicyService.PolicyServiceClient(channel).Generate(Requests.Generate(), cancellationToken: Cancellation);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        }

        Assert.False(engine.Ended.Task.IsCompleted);
        await leave(call, channel, relay);
        await engine.Ended.Task.WaitAsync(s_patience, Cancellation);

        // The service answers others as before.
        Assert.Equal("scripted", (await host.Client.GetModelAsync(new V1.GetModelRequest(), cancellationToken: Cancellation)).Backend);
    }

    /// <summary>Stands between a caller and the service, so that the caller's side of the connection can be ended from outside.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TcpClient _service = new();
        private readonly Task _relaying;
        private Socket? _caller;

        private Relay(Uri service)
        {
            _listener.Start();
            _relaying = RelayAsync(service);
        }

        public Uri Address => new($"http://{_listener.LocalEndpoint}");

        public static Relay To(Uri service) => new(service);

        /// <summary>Ends the connection to the service: in order (FIN), or at once with what is under way lost (RST).</summary>
        public async Task EndAsync(bool abort)
        {
            _service.Client.LingerState = new LingerOption(abort, 0);
            _service.Close();
            await _relaying;
        }

        public async ValueTask DisposeAsync()
        {
            _service.Dispose();
            _caller?.Dispose();
            _listener.Dispose();
            await _relaying;
        }

        private async Task RelayAsync(Uri service)
        {
            try
            {
                _caller = await _listener.AcceptSocketAsync(Cancellation);
                await _service.ConnectAsync(service.Host, service.Port, Cancellation);
                using var caller = new NetworkStream(_caller);
                var stream = _service.GetStream();
                await Task.WhenAny(caller.CopyToAsync(stream, Cancellation), stream.CopyToAsync(caller, Cancellation));
                _service.Close();
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
            {
                // Either side has ended it: the test sees to what follows.
                return;
            }
        }
    }
}
