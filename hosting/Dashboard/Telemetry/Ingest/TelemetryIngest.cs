using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Ingest;

/// <summary>Takes requests of OTLP into the store, record by record: one that makes no sense does not cost the others.</summary>
internal sealed class TelemetryIngest(TelemetryStore store, TimeProvider clock)
{
    private const int SpanBytes = 200;
    private const int EventBytes = 64;
    private const int LinkBytes = 72;
    private const int LogBytes = 160;
    private const string TemplateAttribute = "{OriginalFormat}";

    /// <summary>Takes spans.</summary>
    public Rejections Take(ExportTraceServiceRequest request)
    {
        var rejections = new Rejections();
        var reader = new AttributeReader(store.Limits, store.Texts);
        var spans = new List<Model.Span>();
        foreach (var ofResource in request.ResourceSpans)
        {
            var resource = ResourceOf(ofResource.Resource, reader);
            foreach (var ofScope in ofResource.ScopeSpans)
            {
                var scope = reader.Text(ofScope.Scope?.Name ?? "");
                foreach (var sent in ofScope.Spans)
                {
                    if (ReadSpan(sent, resource, scope, reader) is { } span)
                    {
                        spans.Add(span);
                    }
                    else
                    {
                        rejections.Add(1, $"the span '{sent.Name}' has no traceId of 16 bytes and spanId of 8 bytes other than zero");
                    }
                }
            }
        }

        if (spans.Count > 0)
        {
            rejections.Add(store.Add(spans), $"the trace has {store.Limits.MaxTraceSpanCount} spans already");
        }

        return rejections;
    }

    /// <summary>Takes log lines.</summary>
    public Rejections Take(ExportLogsServiceRequest request)
    {
        var reader = new AttributeReader(store.Limits, store.Texts);
        var entries = new List<LogEntry>();
        foreach (var ofResource in request.ResourceLogs)
        {
            var resource = ResourceOf(ofResource.Resource, reader);
            foreach (var ofScope in ofResource.ScopeLogs)
            {
                var category = reader.Text(ofScope.Scope?.Name ?? "");
                foreach (var sent in ofScope.LogRecords)
                {
                    entries.Add(ReadLog(sent, resource, category, reader));
                }
            }
        }

        if (entries.Count > 0)
        {
            store.Add(entries);
        }

        return new Rejections();
    }

    /// <summary>Takes points of metrics.</summary>
    public Rejections Take(ExportMetricsServiceRequest request)
    {
        var rejections = new Rejections();
        var reader = new AttributeReader(store.Limits, store.Texts);
        var points = new PointReader(reader, clock);
        var grown = 0L;
        foreach (var ofResource in request.ResourceMetrics)
        {
            var resource = ResourceOf(ofResource.Resource, reader);
            foreach (var ofScope in ofResource.ScopeMetrics)
            {
                var meter = reader.Text(ofScope.Scope?.Name ?? "");
                foreach (var metric in ofScope.Metrics)
                {
                    grown += Take(metric, resource, meter, points, rejections);
                }
            }
        }

        store.MetricsGrown(grown);
        return rejections;
    }

    private static Severity SeverityOf(LogRecord sent) => (int)sent.SeverityNumber switch
    {
        >= 1 and <= 24 and var number => (Severity)(((number - 1) / 4) + 1),
        _ => Enum.TryParse<Severity>(sent.SeverityText, ignoreCase: true, out var named) && Enum.IsDefined(named) ? named : Severity.Unspecified,
    };

    private long Take(Metric metric, TelemetryResource resource, string meter, PointReader points, Rejections rejections)
    {
        var read = points.Read(metric, rejections);
        if (read.Count == 0)
        {
            return 0;
        }

        if (store.Instrument(resource, meter, store.Texts.Share(metric.Name)) is not { } instrument)
        {
            rejections.Add(read.Count, $"'{resource.Name}' has {store.Limits.MaxInstrumentCount} instruments already");
            return 0;
        }

        instrument.Describe(store.Texts.Share(metric.Unit), metric.Description, PointReader.KindOf(metric));
        var isDelta = PointReader.IsDelta(metric);
        var grown = 0L;
        foreach (var (attributes, point, began) in read)
        {
            if (instrument.Add(attributes, point, began, isDelta, out var bytes))
            {
                grown += bytes;
            }
            else
            {
                rejections.Add(1, $"'{metric.Name}' has {store.Limits.MaxDimensionCount} dimensions already");
            }
        }

        return grown;
    }

    private TelemetryResource ResourceOf(Resource? sent, AttributeReader reader) =>
        store.Resource(sent is null ? [] : reader.Read(sent.Attributes), clock.GetUtcNow().UtcTicks);

    private Model.Span? ReadSpan(Otlp.V1.Span sent, TelemetryResource resource, string scope, AttributeReader reader)
    {
        var traceId = TraceId.From(sent.TraceId.Span);
        var spanId = SpanId.From(sent.SpanId.Span);
        if (traceId.IsEmpty || spanId.IsEmpty)
        {
            return null;
        }

        reader.Weight = SpanBytes;
        var most = store.Limits.MaxSpanEventCount;
        var events = new SpanEvent[Math.Min(sent.Events.Count, most)];
        for (var index = 0; index < events.Length; index++)
        {
            var happened = sent.Events[index];
            events[index] = new SpanEvent(OtlpTime.Ticks(happened.TimeUnixNano), reader.Text(happened.Name), reader.Read(happened.Attributes));
            reader.Weight += EventBytes;
        }

        var links = new SpanLink[Math.Min(sent.Links.Count, most)];
        for (var index = 0; index < links.Length; index++)
        {
            var link = sent.Links[index];
            links[index] = new SpanLink(TraceId.From(link.TraceId.Span), SpanId.From(link.SpanId.Span), reader.Read(link.Attributes));
            reader.Weight += LinkBytes;
        }

        var start = OtlpTime.Ticks(sent.StartTimeUnixNano);
        return new Model.Span(
            resource,
            scope,
            traceId,
            spanId,
            SpanId.From(sent.ParentSpanId.Span),
            reader.Text(sent.Name),
            Enum.IsDefined((SpanKind)sent.Kind) ? (SpanKind)sent.Kind : SpanKind.Unspecified,
            start,
            Math.Max(start, OtlpTime.Ticks(sent.EndTimeUnixNano)),
            sent.Status?.Code switch
            {
                Status.Types.StatusCode.Ok => SpanStatus.Ok,
                Status.Types.StatusCode.Error => SpanStatus.Error,
                _ => SpanStatus.Unset,
            },
            reader.Text(sent.Status?.Message ?? ""),
            reader.Text(sent.TraceState),
            reader.Read(sent.Attributes),
            events,
            links,
            reader.Weight);
    }

    private LogEntry ReadLog(LogRecord sent, TelemetryResource resource, string category, AttributeReader reader)
    {
        reader.Weight = LogBytes;
        var attributes = reader.Read(sent.Attributes);
        var message = reader.Value(sent.Body);
        string? template = null;
        var index = Array.FindIndex(attributes, attribute => attribute.Key == TemplateAttribute);
        if (index >= 0)
        {
            template = attributes[index].Value;
            attributes = [.. attributes[..index], .. attributes[(index + 1)..]];
        }

        var nanos = sent.TimeUnixNano != 0 ? sent.TimeUnixNano : sent.ObservedTimeUnixNano;
        return new LogEntry(
            store.NextLogNumber(),
            resource,
            category,
            nanos != 0 ? OtlpTime.Ticks(nanos) : clock.GetUtcNow().UtcTicks,
            SeverityOf(sent),
            message,
            template,
            reader.Text(sent.EventName),
            TraceId.From(sent.TraceId.Span),
            SpanId.From(sent.SpanId.Span),
            attributes,
            reader.Weight);
    }
}
