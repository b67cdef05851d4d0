using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class OtlpHttpTests
{
    private const string TraceJson = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"later.field","value":{"stringValue":"x"},"unknown":1}]},
        "scopeSpans":[{"scope":{"name":"lib"},"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173",
        "name":"I'm a server","kind":2,"startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,"attributes":[
        {"key":"my.int","value":{"intValue":"42"}},{"key":"my.other","value":{"intValue":43}},{"key":"my.bytes","value":{"bytesValue":"AQI="}},
        {"key":"my.list","value":{"arrayValue":{"values":[{"intValue":"1"},{"kvlistValue":{"values":[{"key":"traceId","value":{"boolValue":true}}]}}]}}}],"status":{"code":2}}]}]}]}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_is_read_by_the_mapping_of_OTLP()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var response = await host.PostAsync("traces", Encoding.UTF8.GetBytes(TraceJson));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(Hosting.Dashboard.Telemetry.Model.TraceId.TryParse("5b8efff798038103d269b633813fc60c", out var id));
        var span = Assert.Single(host.Store.FindTrace(id)!.Spans.ToArray());
        Assert.Equal(("I'm a server", SpanKind.Server, SpanStatus.Error), (span.Name, span.Kind, span.Status));
        Assert.Equal("eee19b7ec3c1b173", span.ParentId.ToString());
        Assert.Equal(TimeSpan.TicksPerSecond, span.Duration);
        Assert.Equal(("42", "43", "AQI=", """[1,{"traceId":true}]"""), (span["my.int"], span["my.other"], span["my.bytes"], span["my.list"]));
        Assert.Equal("shop", span.Resource.Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("otlp-ke")]
    [InlineData("otlp-keyy")]
    public async Task Nothing_is_taken_without_the_key(string? key)
    {
        await using var host = await TelemetryHost.StartAsync();
        foreach (var signal in new[] { "traces", "logs", "metrics" })
        {
            using var response = await host.PostAsync(signal, Encoding.UTF8.GetBytes(TraceJson), key: key);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Empty(host.Store.Resources);
    }

    [Fact]
    public async Task Large_and_malformed_payloads_are_refused_and_nothing_else_suffers()
    {
        await using var host = await TelemetryHost.StartAsync();
        var large = new byte[10 << 20];
        byte[] truncated = [10, 200, 1, 10];
        (byte[] Body, string Type, string? Encoding, HttpStatusCode Expected)[] bad =
        [
            (large, "application/json", null, HttpStatusCode.RequestEntityTooLarge),
            (large, "application/x-protobuf", null, HttpStatusCode.RequestEntityTooLarge),
            (Gzip(large), "application/x-protobuf", "gzip", HttpStatusCode.RequestEntityTooLarge),
            (truncated, "application/x-protobuf", null, HttpStatusCode.BadRequest),
            (truncated, "application/x-protobuf", "gzip", HttpStatusCode.BadRequest),
            ("{\"resourceSpans\":"u8.ToArray(), "application/json", null, HttpStatusCode.BadRequest),
            ("[]"u8.ToArray(), "application/json", null, HttpStatusCode.BadRequest),
            ([], "application/json", null, HttpStatusCode.BadRequest),
            ([0xff, 0xfe], "application/json", null, HttpStatusCode.BadRequest),
            ("{\"resourceSpans\":{}}"u8.ToArray(), "application/json", null, HttpStatusCode.BadRequest),
            (Encoding.UTF8.GetBytes(TraceJson.Replace("5B8E", "ZZZZ", StringComparison.Ordinal)), "application/json", null, HttpStatusCode.BadRequest),
            (Encoding.UTF8.GetBytes(TraceJson.Replace("\"42\"", "\"4x\"", StringComparison.Ordinal)), "application/json", null, HttpStatusCode.BadRequest),
            (Encoding.UTF8.GetBytes(TraceJson.Replace("1544712661000000000", "1e400", StringComparison.Ordinal)), "application/json", null, HttpStatusCode.BadRequest),
            (Encoding.UTF8.GetBytes(TraceJson.Replace("\"eee19b7ec3c1b174\"", "{}", StringComparison.Ordinal)), "application/json", null, HttpStatusCode.BadRequest),
            (Encoding.UTF8.GetBytes(new string('[', 100_000)), "application/json", null, HttpStatusCode.BadRequest),
            ("x"u8.ToArray(), "text/plain", null, HttpStatusCode.UnsupportedMediaType),
            ("{}"u8.ToArray(), "application/json", "br", HttpStatusCode.UnsupportedMediaType),
        ];
        foreach (var (body, type, encoding, expected) in bad)
        {
            using var refused = await host.PostAsync("traces", body, type, encoding: encoding);
            Assert.Equal(expected, refused.StatusCode);
        }

        using var taken = await host.PostAsync("traces", Gzip(Encoding.UTF8.GetBytes(TraceJson)), encoding: "gzip");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(1, host.Store.Counts.Traces);
    }

    [Fact]
    public async Task A_body_that_says_no_length_is_cut_off_at_the_limit()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Http, "/v1/logs")) { Content = new StreamContent(new MemoryStream(new byte[10 << 20])) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("x-otlp-api-key", TelemetryHost.Key);
        request.Content.Headers.ContentType = new("application/x-protobuf");
        using var response = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task What_makes_no_sense_is_rejected_alone_and_counted()
    {
        await using var host = await TelemetryHost.StartAsync();
        var json = TraceJson.Replace("\"spans\":[", "\"spans\":[{\"name\":\"lost\"},{\"traceId\":\"\",\"spanId\":\"00\",\"name\":\"other\"},", StringComparison.Ordinal);
        using var response = await host.PostAsync("traces", Encoding.UTF8.GetBytes(json));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        var partial = answer.RootElement.GetProperty("partialSuccess");
        Assert.Equal("2", partial.GetProperty("rejectedSpans").GetString());
        Assert.Contains("lost", partial.GetProperty("errorMessage").GetString());
        Assert.Equal(1, host.Store.Counts.Traces);
    }

    [Fact]
    public async Task Ports_are_for_what_they_are_for()
    {
        await using var host = await TelemetryHost.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        foreach (var path in new[] { "/", "/login", "/health", "/app.css" })
        {
            using var page = await client.GetAsync(new Uri(host.Http, path), Cancel);
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        }

        using var body = new ByteArrayContent(new ExportLogsServiceRequest().ToByteArray());
        body.Headers.ContentType = new("application/x-protobuf");
        body.Headers.Add("x-otlp-api-key", TelemetryHost.Key);
        using var telemetry = await client.PostAsync(new Uri(host.Pages, "/v1/logs"), body, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, telemetry.StatusCode);
    }

    [Theory]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "nowhere")]
    [InlineData("Dashboard:Otlp:AuthMode", "Open")]
    [InlineData("Dashboard:Otlp:PrimaryApiKey", "")]
    [InlineData("Dashboard:TelemetryLimits:MaxLogCount", "0")]
    [InlineData("Dashboard:Telemetry:PersistenceBytes", "12")]
    public async Task A_setting_that_makes_no_sense_is_named(string name, string value)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => TelemetryHost.StartAsync((name, value)));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("expected", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
