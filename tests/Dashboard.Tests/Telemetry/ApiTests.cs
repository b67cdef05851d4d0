using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class ApiTests
{
    private const string ApiKey = "api-key";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Programs_read_telemetry_with_a_key_and_pages_with_their_cookie()
    {
        await using var host = await StartAsync();
        foreach (var path in new[] { "spans", "logs", "traces", "traces/1", "spans?follow=true" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(host, path, null)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(host, path, "other")).Status);
        }

        using var browser = new HttpClient { BaseAddress = host.Pages };
        using var login = await browser.GetAsync(new Uri($"/login?t={TelemetryHost.Token}&returnUrl=/api/telemetry/logs", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        Assert.Contains("totalCount", await login.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_OTLP_and_counted()
    {
        await using var host = await StartAsync();
        var ingest = host.Services.GetRequiredService<TelemetryIngest>();
        var failed = Sample.Span(1, 2, 1, 1, 1, "inner", ("n", 42));
        failed.Status = new Status { Code = Status.Types.StatusCode.Error, Message = "why" };
        ingest.Take(Sample.Spans("a", Sample.Span(1, 1, 0, 0, 5, "outer")));
        ingest.Take(Sample.Spans("b", failed, Sample.Span(2, 1, 0, 9, 1, "alone")));
        ingest.Take(Sample.Logs("a", Sample.Log("first", 1), Sample.Log("bad", 2, SeverityNumber.Error2)));

        Assert.Equal((3, 3), await Counts("spans"));
        Assert.Equal((3, 1), await Counts("spans?limit=1"));
        Assert.Equal((2, 2), await Counts("spans?resource=b"));
        Assert.Equal((1, 1), await Counts("spans?hasError=true"));
        Assert.Equal((2, 2), await Counts($"spans?traceId={1:x32}"));
        Assert.Equal((2, 1), await Counts("traces?limit=1"));
        Assert.Equal((1, 1), await Counts("traces?hasError=false"));
        Assert.Equal((2, 2), await Counts($"traces/{1:x32}"));
        Assert.Equal((1, 1), await Counts("logs?severity=warning"));

        var body = (await GetAsync(host, "spans?hasError=true", ApiKey)).Body;
        using var document = JsonDocument.Parse(body);
        var span = document.RootElement.GetProperty("data").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0];
        Assert.Equal($"{1:x32}", span.GetProperty("traceId").GetString());
        Assert.Equal(Sample.At(1).ToString(), span.GetProperty("startTimeUnixNano").GetString());
        Assert.Equal("42", span.GetProperty("attributes")[0].GetProperty("value").GetProperty("stringValue").GetString());
        Assert.Equal(2, span.GetProperty("status").GetProperty("code").GetInt32());

        async Task<(int Total, int Returned)> Counts(string path)
        {
            var answer = await GetAsync(host, path, ApiKey);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            using var counted = JsonDocument.Parse(answer.Body);
            return (counted.RootElement.GetProperty("totalCount").GetInt32(), counted.RootElement.GetProperty("returnedCount").GetInt32());
        }
    }

    [Theory]
    [InlineData("spans?limit=0", "limit")]
    [InlineData("spans?traceId=xyz", "traceId")]
    [InlineData("logs?severity=loud", "severity")]
    [InlineData("logs?severity=3", "severity")]
    [InlineData("logs?follow=maybe", "follow")]
    [InlineData("traces?hasError=1", "hasError")]
    [InlineData("traces/xyz", "trace id")]
    public async Task Bad_questions_name_what_is_wrong(string path, string field)
    {
        await using var host = await StartAsync();
        var answer = await GetAsync(host, path, ApiKey);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(field, answer.Body, StringComparison.Ordinal);
        Assert.Contains("expected", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_later_is_told_to_who_follows()
    {
        await using var host = await StartAsync();
        var ingest = host.Services.GetRequiredService<TelemetryIngest>();
        ingest.Take(Sample.Spans("a", Sample.Span(1, 1, 0, 0, 1, "held")));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Pages, "/api/telemetry/spans?follow=true")) { Headers = { { "X-API-Key", ApiKey } } };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Contains("held", await lines.ReadLineAsync(Cancel), StringComparison.Ordinal);
        ingest.Take(Sample.Spans("a", Sample.Span(1, 2, 1, 0, 1, "late"), Sample.Span(2, 1, 0, 0, 1, "other")));
        Assert.Contains("late", await lines.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("other", await lines.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    private static Task<TelemetryHost> StartAsync() => TelemetryHost.StartAsync(("Dashboard:Api:PrimaryApiKey", ApiKey));

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(TelemetryHost host, string path, string? key)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Pages, $"/api/telemetry/{path}"));
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        using var response = await client.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
