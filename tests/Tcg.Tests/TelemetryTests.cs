using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace O1Coder.Tcg.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task AGenerationHasASpanAndCountsWhatBecameOfItsCases()
    {
        var spans = new ConcurrentQueue<Activity>();
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TcgTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == TcgTelemetry.Name)
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, old) => old + value));
        meters.Start();

        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (_, _) => "no case at all";
        var problem = Requests.Add("def add(a, b): return a + b");
        problem.Id = "telemetry";
        var (finished, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = problem, Attempts = 1 });

        Assert.Equal("reference", Assert.Single(spans, span => (string?)span.GetTagItem("o1coder.problem") == "telemetry").GetTagItem("o1coder.tcg.mode"));
        Assert.True(counted["o1coder.tcg.cases"] >= finished.Counts.Written);
        Assert.True(counted["o1coder.tcg.generated_tokens"] >= finished.GeneratedTokens);
    }
}
