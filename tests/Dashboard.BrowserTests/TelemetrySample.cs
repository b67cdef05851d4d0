using System.Text;
using System.Text.Json;

namespace O1Coder.Dashboard.BrowserTests;

/// <summary>Telemetry of a small solve, sent as JSON as any exporter would: four spans of three services, log lines, metrics.</summary>
internal static class TelemetrySample
{
    public const string Prompt = "Print the coins.";
    public const string Completion = "print(sorted(coins))";

    /// <summary>Sends it under a trace id of its own, which it returns. The words of <paramref name="word"/> stand in names and messages.</summary>
    public static async Task<string> SendAsync(Uri otlp, string key, string word, CancellationToken cancellationToken)
    {
        var traceId = Guid.NewGuid().ToString("N");
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        await PostAsync(otlp, key, "traces", Of("resourceSpans", "scopeSpans", "spans",
        [
            ("cli", [Span("1", null, $"solve {word}", 3, 0, 900)]),
            ("policy",
            [
                Span("2", "1", "chat small-coder", 3, 10, 300,
                    ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "o1coder"), ("gen_ai.request.model", "small-coder"),
                    ("gen_ai.usage.input_tokens", "21"), ("gen_ai.usage.output_tokens", "8"), ("o1coder.adapter", "sft-7"),
                    ("gen_ai.input.messages", JsonSerializer.Serialize(new[] { new { role = "user", parts = new[] { new { type = "text", content = Prompt } } } })),
                    ("gen_ai.output.messages", JsonSerializer.Serialize(new[] { new { role = "assistant", parts = new[] { new { type = "text", content = Completion } } } }))),
            ]),
            ("sandbox", [Span("3", "1", "execute", 2, 320, 500, ("verdict", "time_limit")), Span("4", "3", "run test", 1, 330, 480)]),
        ]), cancellationToken);
        await PostAsync(otlp, key, "logs", Of("resourceLogs", "scopeLogs", "logRecords",
        [
            ("sandbox",
            [
                Log($"{word}: test 1 passed", 9, 340, ("Test", "1")),
                Log($"{word}: test 2 ended with time_limit", 13, 400, ("Test", "2"), ("Verdict", "time_limit")),
            ]),
        ]), cancellationToken);
        await PostAsync(otlp, key, "metrics", Of("resourceMetrics", "scopeMetrics", "metrics",
        [
            ("sandbox",
            [
                new
                {
                    name = $"run.{word}",
                    unit = "s",
                    description = "How long a run takes.",
                    histogram = new
                    {
                        aggregationTemporality = 2,
                        dataPoints = new[]
                        {
                            new
                            {
                                timeUnixNano = $"{now}",
                                count = "4",
                                sum = 2.2,
                                explicitBounds = new[] { 0.1, 1.0 },
                                bucketCounts = new[] { "1", "2", "1" },
                                exemplars = new[] { new { timeUnixNano = $"{now}", asDouble = 0.5, traceId, spanId = Id("4") } },
                            },
                        },
                    },
                },
            ]),
        ]), cancellationToken);
        return traceId;

        object Span(string id, string? parent, string name, int kind, int fromMs, int ms, params (string Key, string Value)[] attributes) => new
        {
            traceId,
            spanId = Id(id),
            parentSpanId = parent is null ? "" : Id(parent),
            name,
            kind,
            startTimeUnixNano = $"{now + (fromMs * 1_000_000L)}",
            endTimeUnixNano = $"{now + ((fromMs + ms) * 1_000_000L)}",
            attributes = attributes.Select(one => Attribute(one.Key, one.Value)),
        };

        object Log(string message, int severity, int atMs, params (string Key, string Value)[] attributes) => new
        {
            timeUnixNano = $"{now + (atMs * 1_000_000L)}",
            severityNumber = severity,
            body = new { stringValue = message },
            traceId,
            spanId = Id("4"),
            attributes = attributes.Select(one => Attribute(one.Key, one.Value)),
        };
    }

    private static string Id(string digit) => digit.PadLeft(16, '0');

    private static object Attribute(string key, string value) => new { key, value = new { stringValue = value } };

    private static Dictionary<string, object> Of(string resources, string scopes, string records, (string Service, object[] Records)[] all) => new()
    {
        [resources] = all.Select(one => new Dictionary<string, object>
        {
            ["resource"] = new { attributes = new[] { Attribute("service.name", one.Service) } },
            [scopes] = new[] { new Dictionary<string, object> { ["scope"] = new { name = $"o1coder.{one.Service}" }, [records] = one.Records } },
        }),
    };

    private static async Task PostAsync(Uri otlp, string key, string signal, object message, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var content = new StringContent(JsonSerializer.Serialize(message), Encoding.UTF8, "application/json");
        content.Headers.Add("x-otlp-api-key", key);
        using var response = await client.PostAsync(new Uri(otlp, $"/v1/{signal}"), content, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        Assert.DoesNotContain("rejected", await response.Content.ReadAsStringAsync(cancellationToken), StringComparison.Ordinal);
    }
}
