using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class OtlpGrpcTests
{
    private static readonly Metadata s_key = new() { { "x-otlp-api-key", TelemetryHost.Key } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_three_signals_come_in()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        await new TraceService.TraceServiceClient(channel).ExportAsync(Sample.Spans("svc", Sample.Span(1, 1)), s_key, cancellationToken: Cancel);
        await new LogsService.LogsServiceClient(channel).ExportAsync(Sample.Logs("svc", Sample.Log("hello")), s_key, cancellationToken: Cancel);
        await new MetricsService.MetricsServiceClient(channel).ExportAsync(Sample.Sum(0, 1), s_key, cancellationToken: Cancel);
        Assert.Equal((1, 1), host.Store.Counts);
        Assert.Equal("sum", Assert.Single(host.Store.Instruments(Assert.Single(host.Store.MeteredResources))).Name);
    }

    [Fact]
    public async Task Rejected_records_are_counted()
    {
        await using var host = await TelemetryHost.StartAsync(("Dashboard:TelemetryLimits:MaxTraceSpanCount", "2"));
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        var answer = await new TraceService.TraceServiceClient(channel).ExportAsync(
            Sample.Spans("svc", Sample.Span(1, 1), Sample.Span(1, 2), Sample.Span(1, 3), new Span { Name = "without ids" }), s_key, cancellationToken: Cancel);
        Assert.Equal(2, answer.PartialSuccess.RejectedSpans);
        Assert.NotEmpty(answer.PartialSuccess.ErrorMessage);
    }

    [Fact]
    public async Task Bad_requests_are_the_callers_fault_and_nothing_else_suffers()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Grpc, new GrpcChannelOptions { MaxSendMessageSize = null });
        Assert.Equal(StatusCode.Unauthenticated, await StatusOf(channel, [], []));
        Assert.Equal(StatusCode.Unauthenticated, await StatusOf(channel, [], new Metadata { { "x-otlp-api-key", "other" } }));
        Assert.Equal(StatusCode.InvalidArgument, await StatusOf(channel, [10, 200, 1, 10], s_key));
        Assert.Equal(StatusCode.ResourceExhausted, await StatusOf(channel, new byte[10 << 20], s_key));
        // Small on the wire and large in memory.
        var packed = new Metadata { { "x-otlp-api-key", TelemetryHost.Key }, { "grpc-internal-encoding-request", "gzip" } };
        Assert.Equal(StatusCode.ResourceExhausted, await StatusOf(channel, new byte[10 << 20], packed));
        Assert.Equal(StatusCode.OK, await StatusOf(channel, Sample.Spans("svc", Sample.Span(1, 1)).ToByteArray(), packed));
        Assert.Equal(1, host.Store.Counts.Traces);
    }

    private static async Task<StatusCode> StatusOf(GrpcChannel channel, byte[] request, Metadata headers)
    {
        var bytes = Marshallers.Create<byte[]>(message => message, message => message);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", bytes, bytes);
        try
        {
            await channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, cancellationToken: Cancel), request);
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }
}
