using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Api;

/// <summary>
/// Telemetry for programs: <c>/api/telemetry/{spans,logs,traces,traces/ID}</c>, as {"data":OTLP,"totalCount":n,"returnedCount":n}, or
/// with follow=true one line of OTLP for each span or log line, those that are held and then those that come.
/// </summary>
internal sealed class TelemetryApi(TelemetryStore store, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Maps it; to who has the pages' cookie or the key.</summary>
    public static void Map(WebApplication app)
    {
        var api = ActivatorUtilities.CreateInstance<TelemetryApi>(app.Services);
        var group = app.MapGroup("/api/telemetry").RequireAuthorization(new AuthorizeAttribute
        {
            AuthenticationSchemes = $"{CookieAuthenticationDefaults.AuthenticationScheme},{ApiKeyHandler.SchemeName}",
        });
        group.MapGet("/spans", (HttpContext context) => AnswerAsync(context, api.SpansAsync));
        group.MapGet("/logs", (HttpContext context) => AnswerAsync(context, api.LogsAsync));
        group.MapGet("/traces", (HttpContext context) => AnswerAsync(context, api.TracesAsync));
        group.MapGet("/traces/{id}", api.TraceAsync);
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, ApiQuery, Task> answer)
    {
        if (ApiQuery.TryRead(context.Request.Query, out var query) is { } error)
        {
            await Results.Problem(error, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        await answer(context, query);
    }

    private static async Task WriteAsync<T>(HttpContext context, IReadOnlyList<T> found, int limit, Action<Utf8JsonWriter, IEnumerable<T>> write, int? total = null)
    {
        var returned = found.Skip(Math.Max(0, found.Count - limit)).ToList();
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WritePropertyName("data");
        write(writer, returned);
        writer.WriteNumber("totalCount", total ?? found.Count);
        writer.WriteNumber("returnedCount", total is null ? returned.Count : Math.Min(limit, total.Value));
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    private Task SpansAsync(HttpContext context, ApiQuery query)
    {
        if (query.Follow)
        {
            return FollowSpansAsync(context, query);
        }

        var spans = new List<Span>();
        foreach (var trace in store.Traces())
        {
            foreach (var span in trace.Spans)
            {
                if (query.Answers(span))
                {
                    spans.Add(span);
                }
            }
        }

        spans.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        return WriteAsync(context, spans, query.Limit, OtlpWriter.WriteSpans);
    }

    private Task LogsAsync(HttpContext context, ApiQuery query)
    {
        if (query.Follow)
        {
            return FollowLogsAsync(context, query);
        }

        var logs = store.Logs().FindAll(query.Answers);
        logs.Sort(static (left, right) => left.Time.CompareTo(right.Time));
        return WriteAsync(context, logs, query.Limit, OtlpWriter.WriteLogs);
    }

    private Task TracesAsync(HttpContext context, ApiQuery query)
    {
        var traces = store.Traces().FindAll(trace =>
            (query.TraceId.IsEmpty || trace.Id == query.TraceId)
            && (query.HasError is null || query.HasError == (trace.Errors > 0))
            && trace.Resources.Any(share => query.Resource.Includes(share.Resource)));
        traces.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var spans = traces.Skip(Math.Max(0, traces.Count - query.Limit)).SelectMany(trace => trace.Spans.ToArray()).ToList();
        return WriteAsync(context, spans, spans.Count, OtlpWriter.WriteSpans, traces.Count);
    }

    private async Task TraceAsync(HttpContext context, string id)
    {
        if (!TraceId.TryParse(id, out var traceId))
        {
            await Results.Problem($"the trace id is '{id}': expected 32 hexadecimal digits", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
        else if (store.FindTrace(traceId) is not { } trace)
        {
            await Results.Problem($"the trace {id} is not held", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
        }
        else
        {
            await WriteAsync(context, trace.Spans.ToArray(), trace.Count, OtlpWriter.WriteSpans);
        }
    }

    private Task FollowLogsAsync(HttpContext context, ApiQuery query)
    {
        var last = 0L;
        return FollowAsync(
            context,
            () => store.LogVersion,
            isFirst =>
            {
                var logs = store.Logs().FindAll(log => log.Number > last && query.Answers(log));
                last = Math.Max(last, logs.Count > 0 ? logs[^1].Number : 0);
                return isFirst ? logs[Math.Max(0, logs.Count - query.Limit)..] : logs;
            },
            (writer, log) => OtlpWriter.WriteLogs(writer, [log]));
    }

    private Task FollowSpansAsync(HttpContext context, ApiQuery query)
    {
        // A trace's spans stand in the order of arrival: those behind the ones that were told are new.
        var told = new Dictionary<TraceId, int>();
        return FollowAsync(
            context,
            () => store.TraceVersion,
            isFirst =>
            {
                var spans = new List<Span>();
                var before = told;
                told = [];
                foreach (var trace in store.Traces())
                {
                    foreach (var span in trace.Spans[before.GetValueOrDefault(trace.Id)..])
                    {
                        if (query.Answers(span))
                        {
                            spans.Add(span);
                        }
                    }

                    told[trace.Id] = trace.Count;
                }

                return isFirst ? spans[Math.Max(0, spans.Count - query.Limit)..] : spans;
            },
            (writer, span) => OtlpWriter.WriteSpans(writer, [span]));
    }

    private async Task FollowAsync<T>(HttpContext context, Func<long> version, Func<bool, List<T>> next, Action<Utf8JsonWriter, T> write)
    {
        context.Response.ContentType = "application/x-ndjson";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(s_interval);
        var seen = -1L;
        try
        {
            do
            {
                var now = version();
                if (now == seen)
                {
                    continue;
                }

                var isFirst = seen < 0;
                seen = now;
                foreach (var item in next(isFirst))
                {
                    await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
                    {
                        write(writer, item);
                    }

                    context.Response.BodyWriter.Write("\n"u8);
                }

                await context.Response.BodyWriter.FlushAsync(ending.Token);
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException)
        {
            // Who followed has gone, or the dashboard ends.
        }
    }
}
