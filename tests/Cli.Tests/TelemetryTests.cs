using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using O1Coder.Cli.Telemetry;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

public sealed class TelemetryTests : IDisposable
{
    private const string Key = "a-key-of-the-dashboard";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_commands_span_is_the_root_of_what_the_coordinator_does_and_is_sent_before_it_ends()
    {
        await using var collector = await Collector.StartAsync();
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        var session = new Session();

        var exitCode = await session.Prepare("solve", _folder.ProblemFile)
            .RunAsync(search.Address, TestContext.Current.CancellationToken, new TelemetryTarget(collector.Address, Key));

        Assert.Equal(ExitCodes.Solved, exitCode);
        var caller = ActivityContext.Parse(search.TraceParent!, null);
        Assert.True(collector.Received(caller.TraceId), "the trace that the coordinator was told");
        Assert.True(collector.Received(caller.SpanId), "the coordinator's parent");
        Assert.True(collector.Received("o1coder solve"u8), "the command's span");
        Assert.All(collector.Keys, key => Assert.Equal(Key, key));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_costs_a_command_nothing_but_a_second()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        var session = new Session();

        var exitCode = await session.Prepare("solve", _folder.ProblemFile).RunAsync(
            search.Address, TestContext.Current.CancellationToken, new TelemetryTarget(new Uri($"http://127.0.0.1:{FreePort.Find()}"), ""));

        Assert.Equal((ExitCodes.Solved, ""), (exitCode, session.Error));
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_recorded()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        Assert.Equal(ExitCodes.Solved, await new Session().RunAsync(search.Address, "solve", _folder.ProblemFile));
        Assert.True(search.TraceParent is null || !ActivityContext.Parse(search.TraceParent, null).TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
    }

    /// <summary>Takes spans by OTLP over gRPC and keeps the bytes as they came.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly List<byte[]> _bodies = [];

        private Collector(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.Single());

        public List<string> Keys { get; } = [];

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", collector.TakeAsync);
            await app.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        public bool Received(ActivityTraceId id)
        {
            var bytes = new byte[16];
            id.CopyTo(bytes);
            return Received(bytes);
        }

        public bool Received(ActivitySpanId id)
        {
            var bytes = new byte[8];
            id.CopyTo(bytes);
            return Received(bytes);
        }

        public bool Received(ReadOnlySpan<byte> part)
        {
            foreach (var body in _bodies)
            {
                if (body.AsSpan().IndexOf(part) >= 0)
                {
                    return true;
                }
            }

            return false;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext http)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _bodies.Add(body.ToArray());
            Keys.Add(http.Request.Headers["x-otlp-api-key"].ToString());
            http.Response.ContentType = "application/grpc";

            // An empty message: not compressed, no bytes.
            await http.Response.Body.WriteAsync(new byte[5]);
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
