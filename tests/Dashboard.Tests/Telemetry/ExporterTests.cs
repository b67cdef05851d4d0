using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Queries;
using SpanKind = O1Coder.Hosting.Dashboard.Telemetry.Model.SpanKind;

namespace O1Coder.Dashboard.Tests.Telemetry;

/// <summary>Exporters that other people wrote, without change.</summary>
public class ExporterTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task OpenTelemetry_for_NET_shows_up(OtlpExportProtocol protocol)
    {
        await using var host = await TelemetryHost.StartAsync();
        var name = $"exporter-{protocol}";
        using var source = new ActivitySource(name);
        using var meter = new Meter(name);
        var resource = ResourceBuilder.CreateDefault().AddService(name, serviceInstanceId: "i");
        void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = protocol;
            options.Endpoint = protocol == OtlpExportProtocol.Grpc ? host.Grpc : new Uri(host.Http, path);
            options.Headers = $"x-otlp-api-key={TelemetryHost.Key}";
        }

        TraceId traceId;
        using (var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(name).AddOtlpExporter(options => Configure(options, "/v1/traces")).Build())
        using (var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(name).AddOtlpExporter((options, _) => Configure(options, "/v1/metrics")).Build())
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(resource);
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter(options => Configure(options, "/v1/logs"));
        })))
        {
            meter.CreateCounter<long>("things").Add(3, KeyValuePair.Create<string, object?>("kind", "new"));
            var histogram = meter.CreateHistogram<double>("latency", "s");
            using var activity = source.StartActivity("outer", ActivityKind.Server)!;
            using (var inner = source.StartActivity("inner"))
            {
                inner!.SetTag("tags", new[] { "a", "b" }).SetStatus(ActivityStatusCode.Error, "broken").AddEvent(new ActivityEvent("happened"));
                histogram.Record(0.3);
                logging.CreateLogger("My.Category").LogWarning(new InvalidOperationException("why"), "Order {Order} failed", 17);
            }

            Assert.True(TraceId.TryParse(activity.TraceId.ToHexString(), out traceId));
        }

        var trace = host.Store.FindTrace(traceId)!;
        Assert.Equal(("outer", 2, 1), (trace.First.Name, trace.Count, trace.Errors));
        var failed = Assert.Single(trace.Spans.ToArray(), span => span.Status == SpanStatus.Error);
        Assert.Equal(("broken", """["a","b"]""", "happened"), (failed.StatusMessage, failed["tags"], Assert.Single(failed.Events).Name));
        var log = Assert.Single(new LogQuery { TraceId = traceId }.Run(host.Store));
        Assert.Equal(("Order 17 failed", "Order {Order} failed", "My.Category", Severity.Warning), (log.Message, log.Template, log.Category, log.Severity));
        Assert.Contains(log.Attributes, attribute => attribute is { Key: "Order", Value: "17" });
        Assert.Contains(log.Attributes, attribute => attribute is { Key: "exception.message", Value: "why" });
        var instruments = host.Store.Instruments(Assert.Single(host.Store.MeteredResources));
        Assert.Equal(["latency", "things"], instruments.Select(instrument => instrument.Name).Order());
    }

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("bin", "application/x-protobuf")]
    public async Task What_Nodes_exporters_send_shows_up(string ending, string type)
    {
        await using var host = await TelemetryHost.StartAsync();
        foreach (var signal in new[] { "traces", "logs", "metrics" })
        {
            var body = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Telemetry", "Node", $"{signal}.{ending}"), TestContext.Current.CancellationToken);
            using var response = await host.PostAsync(signal, body, type);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var trace = Assert.Single(host.Store.Traces());
        Assert.Equal(("node-shop", "GET /cart", SpanKind.Server, 2), (trace.First.Resource.Name, trace.First.Name, trace.First.Kind, trace.Count));
        Assert.Equal(("42", "1.5", "9007199254740991", "true", """["a","b"]"""), (trace.First["n"], trace.First["f"], trace.First["big"], trace.First["ok"], trace.First["tags"]));
        var child = trace.Spans.ToArray().Single(span => !span.ParentId.IsEmpty);
        Assert.Equal(("no such cart", "7"), (child.StatusMessage, Assert.Single(Assert.Single(child.Events).Attributes).Value));
        var log = Assert.Single(host.Store.Logs());
        Assert.Equal(("cart is empty", Severity.Warning), (log.Message, log.Severity));
        Assert.Contains(log.Attributes, attribute => attribute is { Key: "deep", Value: """{"a":[1,"x"]}""" });
        var instruments = host.Store.Instruments(trace.First.Resource).ToDictionary(instrument => instrument.Name);
        Assert.Equal(
            (InstrumentKind.Counter, InstrumentKind.Histogram, InstrumentKind.UpDownCounter),
            (instruments["carts"].Kind, instruments["latency"].Kind, instruments["open"].Kind));
        var row = instruments["latency"].Range(0, long.MaxValue).Single();
        Assert.Equal((4ul, 405.0), (row.Points[0].Count, row.Points[0].Value));
    }
}
