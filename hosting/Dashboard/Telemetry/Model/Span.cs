namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>A piece of work of one service.</summary>
/// <param name="Resource">Whose work it is.</param>
/// <param name="Scope">The library that told of it.</param>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">Itself.</param>
/// <param name="ParentId">The span that it is part of; empty for a root.</param>
/// <param name="Name">What is done.</param>
/// <param name="Kind">Which side of a call.</param>
/// <param name="Start">UTC ticks.</param>
/// <param name="End">UTC ticks; never before the start.</param>
/// <param name="Status">How it ended.</param>
/// <param name="StatusMessage">Why it failed; may be empty.</param>
/// <param name="TraceState">W3C's tracestate; mostly empty.</param>
/// <param name="Attributes">With what.</param>
/// <param name="Events">What happened in it.</param>
/// <param name="Links">What it has to do with.</param>
/// <param name="Size">What it weighs in memory, in bytes, estimated.</param>
public sealed record Span(
    TelemetryResource Resource,
    string Scope,
    TraceId TraceId,
    SpanId SpanId,
    SpanId ParentId,
    string Name,
    SpanKind Kind,
    long Start,
    long End,
    SpanStatus Status,
    string StatusMessage,
    string TraceState,
    TelemetryAttribute[] Attributes,
    SpanEvent[] Events,
    SpanLink[] Links,
    int Size)
{
    /// <summary>How long it took, in ticks of 100 ns.</summary>
    public long Duration => End - Start;

    /// <summary>True when it calls a language model, going by the GenAI conventions.</summary>
    public bool IsGenAi => this["gen_ai.provider.name"] is not null || this["gen_ai.system"] is not null || this["gen_ai.operation.name"] is not null;

    /// <summary>The value of an attribute; null where it has none of that name.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var attribute in Attributes)
            {
                if (attribute.Key == key)
                {
                    return attribute.Value;
                }
            }

            return null;
        }
    }
}
