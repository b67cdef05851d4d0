using System.Globalization;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Queries;

namespace O1Coder.Hosting.Dashboard.Telemetry.Api;

/// <summary>What a request to the API asks for.</summary>
/// <param name="Resource">Whose.</param>
/// <param name="TraceId">Of which trace; empty for any.</param>
/// <param name="HasError">With a failure, without one, or null for either.</param>
/// <param name="LeastSeverity">How bad at least, for log lines.</param>
/// <param name="Limit">How many at most, the newest.</param>
/// <param name="Follow">True to be told of what comes as well.</param>
internal sealed record ApiQuery(ResourceChoice Resource, TraceId TraceId, bool? HasError, Severity LeastSeverity, int Limit, bool Follow)
{
    private const int DefaultLimit = 200;
    private const int MostLimit = 10_000;

    /// <summary>Reads the query of an address; what is wrong with it, as a sentence, or null.</summary>
    public static string? TryRead(IQueryCollection query, out ApiQuery read)
    {
        read = new ApiQuery(new ResourceChoice(Text(query, "resource")), default, null, Severity.Unspecified, DefaultLimit, false);
        if (Text(query, "traceId") is { } trace)
        {
            if (!TraceId.TryParse(trace, out var id))
            {
                return $"traceId is '{trace}': expected 32 hexadecimal digits";
            }

            read = read with { TraceId = id };
        }

        if (Text(query, "hasError") is { } hasError)
        {
            if (!bool.TryParse(hasError, out var value))
            {
                return $"hasError is '{hasError}': expected true or false";
            }

            read = read with { HasError = value };
        }

        if (Text(query, "severity") is { } severity)
        {
            if (!Enum.TryParse<Severity>(severity, ignoreCase: true, out var value) || !Enum.IsDefined(value) || char.IsAsciiDigit(severity[0]))
            {
                return $"severity is '{severity}': expected {string.Join(", ", Enum.GetNames<Severity>())}";
            }

            read = read with { LeastSeverity = value };
        }

        if (Text(query, "limit") is { } limit)
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is < 1 or > MostLimit)
            {
                return $"limit is '{limit}': expected 1 to {MostLimit}";
            }

            read = read with { Limit = value };
        }

        if (Text(query, "follow") is { } follow)
        {
            if (!bool.TryParse(follow, out var value))
            {
                return $"follow is '{follow}': expected true or false";
            }

            read = read with { Follow = value };
        }

        return null;
    }

    /// <summary>Whether a span is asked for.</summary>
    public bool Answers(Span span) =>
        Resource.Includes(span.Resource)
        && (TraceId.IsEmpty || span.TraceId == TraceId)
        && (HasError is null || HasError == (span.Status == SpanStatus.Error));

    /// <summary>Whether a log line is asked for.</summary>
    public bool Answers(LogEntry log) =>
        Resource.Includes(log.Resource)
        && (TraceId.IsEmpty || log.TraceId == TraceId)
        && (HasError is null || HasError == (log.Severity >= Severity.Error))
        && log.Severity >= LeastSeverity;

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text] ? text : null;
}
