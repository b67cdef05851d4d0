using System.Collections.Concurrent;
using System.Diagnostics;

namespace O1Coder.SelfPlay.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Each_step_is_a_span()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CoordinatorTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("spans"), one => one.StepDone is not null);

        Assert.Contains(spans, span => span.OperationName == "self-play step"
            && (string?)span.GetTagItem("o1coder.run") == "spans" && (string?)span.GetTagItem("o1coder.step") == "evaluate-base");
    }
}
