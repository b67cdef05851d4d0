using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace O1Coder.Coordinator;

/// <summary>Spans and measures of the coordinator, under the name "O1Coder.Coordinator".</summary>
internal static class CoordinatorTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "O1Coder.Coordinator";

    private static readonly Meter s_meter = new(Name);

    /// <summary>Spans: search, expansion, generate, execute, backup; write tests; evaluation; self-play step.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Nodes that joined a tree, by action.</summary>
    public static Counter<long> Nodes { get; } =
        s_meter.CreateCounter<long>("o1coder.search.nodes", "{node}", "Nodes that joined a tree.");

    /// <summary>Rollouts that were backed up.</summary>
    public static Counter<long> Rollouts { get; } =
        s_meter.CreateCounter<long>("o1coder.search.rollouts", "{rollout}", "Rollouts that were backed up.");

    /// <summary>Finished searches by outcome.</summary>
    public static Counter<long> Searches { get; } =
        s_meter.CreateCounter<long>("o1coder.searches", "{search}", "Searches that ended, by outcome.");

    /// <summary>Samples that evaluations drew, by verdict.</summary>
    public static Counter<long> EvaluationSamples { get; } =
        s_meter.CreateCounter<long>("o1coder.evaluation.samples", "{sample}", "Samples that evaluations drew, by verdict.");

    /// <summary>Steps of self-play that were done, by part of the algorithm.</summary>
    public static Counter<long> PlaySteps { get; } =
        s_meter.CreateCounter<long>("o1coder.selfplay.steps", "{step}", "Steps of self-play that were done, by part of the algorithm.");

    /// <summary>Cache look-ups by kind of value and result.</summary>
    public static Counter<long> CacheLookups { get; } =
        s_meter.CreateCounter<long>("o1coder.cache.lookups", "{lookup}", "Cache look-ups, by kind and result (hit or miss).");

    /// <summary>What calls to Redis took.</summary>
    public static Histogram<double> RedisLatency { get; } =
        s_meter.CreateHistogram<double>("o1coder.redis.latency", "s", "Time of a call to Redis, by result.");

    /// <summary>Counts one look-up.</summary>
    public static void CountLookup(string kind, bool hit) => CacheLookups.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("result", hit ? "hit" : "miss"));
}
