using System.Buffers.Binary;
using Google.Protobuf;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Benchmarks.Dashboard;

/// <summary>Makes messages of OTLP.</summary>
internal static class Otlp
{
    /// <summary>An attribute: a text, a whole number, a number or a truth.</summary>
    public static KeyValue Attribute(string key, object value) => new()
    {
        Key = key,
        Value = value switch
        {
            bool truth => new AnyValue { BoolValue = truth },
            int number => new AnyValue { IntValue = number },
            long number => new AnyValue { IntValue = number },
            double number => new AnyValue { DoubleValue = number },
            _ => new AnyValue { StringValue = value.ToString() },
        },
    };

    /// <summary>Several of them.</summary>
    public static IEnumerable<KeyValue> Attributes(params (string Key, object Value)[] attributes) => attributes.Select(one => Attribute(one.Key, one.Value));

    /// <summary>A service's instance.</summary>
    public static Resource Resource(string service, string instance)
    {
        var resource = new Resource();
        resource.Attributes.AddRange(Attributes(
            ("service.name", service), ("service.instance.id", instance), ("telemetry.sdk.name", "opentelemetry"),
            ("telemetry.sdk.language", "dotnet"), ("telemetry.sdk.version", "1.20.1")));
        return resource;
    }

    /// <summary>An id of so many bytes, never zero.</summary>
    public static ByteString Id(Random random, int bytes)
    {
        var id = new byte[bytes];
        random.NextBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id, random.Next(1, int.MaxValue));
        return ByteString.CopyFrom(id);
    }

    /// <summary>A request with spans of one resource.</summary>
    public static ExportTraceServiceRequest Spans(Resource resource, string scope, IEnumerable<Span> spans)
    {
        var ofScope = new ScopeSpans { Scope = new InstrumentationScope { Name = scope } };
        ofScope.Spans.AddRange(spans);
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { ofScope } } } };
    }

    /// <summary>A request with log lines of one resource.</summary>
    public static ExportLogsServiceRequest Logs(Resource resource, string scope, IEnumerable<LogRecord> logs)
    {
        var ofScope = new ScopeLogs { Scope = new InstrumentationScope { Name = scope } };
        ofScope.LogRecords.AddRange(logs);
        return new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { Resource = resource, ScopeLogs = { ofScope } } } };
    }
}
