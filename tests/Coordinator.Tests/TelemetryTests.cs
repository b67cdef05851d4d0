using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace O1Coder.Coordinator.Tests;

public sealed class TelemetryTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("alone")]
    public async Task A_search_leaves_spans_under_its_callers_and_counts_what_it_did(string cluster)
    {
        var spans = new ConcurrentQueue<Activity>();
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is CoordinatorTelemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == CoordinatorTelemetry.Name)
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, old) => old + value));
        meters.Start();

        await using var host = await CoordinatorHost.StartAsync(cluster: cluster);
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        var events = await host.SolveAsync(Programs.Request());

        // Other tests search at the same time: this search's spans are those under it.
        var search = Assert.Single(spans, span => span.GetTagItem("o1coder.search") is string id && id == events[0].Started.SearchId);
        Assert.Equal(caller.TraceId, search.TraceId);
        var below = spans.Where(span => span.TraceId == search.TraceId).Select(span => span.OperationName).ToHashSet();
        Assert.Superset(new HashSet<string> { "search", "expansion", "generate", "execute", "backup" }, below);
        Assert.True(counted["o1coder.search.nodes"] >= events[^1].Finished.Totals.Nodes - 1);
        Assert.True(counted["o1coder.search.rollouts"] >= 12);
        Assert.True(counted["o1coder.cache.lookups"] >= 12);
    }
}
