using O1Coder.Benchmarks.Dashboard;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Queries;
using O1Coder.Hosting.Dashboard.Telemetry.Store;
using Span = O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1.Span;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class StoreTests
{
    [Fact]
    public void Log_lines_are_bounded_by_count_and_the_newest_stay()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxLogCount = 1000 });
        for (var batch = 0; batch < 50; batch++)
        {
            ingest.Take(Sample.Logs("svc", [.. Enumerable.Range(batch * 77, 77).Select(number => Sample.Log($"line {number}", number))]));
        }

        var logs = store.Logs();
        Assert.Equal(1000, logs.Count);
        Assert.Equal(Enumerable.Range((50 * 77) - 1000, 1000).Select(number => $"line {number}"), logs.Select(log => log.Message));
    }

    [Fact]
    public void Log_lines_are_bounded_by_bytes()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxLogBytes = 1 << 20 });
        for (var number = 0; number < 200; number++)
        {
            ingest.Take(Sample.Logs("svc", Sample.Log($"{number} {new string('x', 10_000)}")));
        }

        Assert.InRange(store.Bytes.Logs, 1, 1 << 20);
        Assert.StartsWith("199 ", store.Logs()[^1].Message, StringComparison.Ordinal);
        // One that is larger than the budget is still told.
        ingest.Take(Sample.Logs("svc", Sample.Log(new string('y', 1 << 20))));
        Assert.Single(store.Logs());
    }

    [Fact]
    public void Log_lines_are_shown_by_time_whatever_the_order_of_arrival()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Logs("a", Sample.Log("third", 3), Sample.Log("first", 1)));
        ingest.Take(Sample.Logs("b", Sample.Log("second", 2), Sample.Log("also second", 2)));
        Assert.Equal(["first", "second", "also second", "third"], new LogQuery().Run(store).Select(log => log.Message));
    }

    [Fact]
    public void Spans_come_late_and_out_of_order_and_their_root_last()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Spans("sandbox", Sample.Span(1, 4, 3, 2, 1, "run")));
        var orphaned = Assert.Single(store.Traces());
        Assert.False(orphaned.HasRoot);
        Assert.True(Assert.Single(TraceTree.Rows(orphaned)).IsOrphan);
        ingest.Take(Sample.Spans("coordinator", Sample.Span(1, 3, 2, 1, 3, "execute"), Sample.Span(1, 2, 1, 0.5, 8, "search")));
        ingest.Take(Sample.Spans("cli", Sample.Span(1, 1, 0, 0, 10, "solve")));

        // What was looked at before has not changed.
        Assert.Equal(1, orphaned.Count);
        var trace = Assert.Single(store.Traces());
        Assert.Equal(("solve", 4, 10 * TimeSpan.TicksPerSecond), (trace.First.Name, trace.Count, trace.Duration));
        Assert.Equal(
            [("solve", 0, 3), ("search", 1, 2), ("execute", 2, 1), ("run", 3, 0)],
            TraceTree.Rows(trace).Select(row => (row.Span.Name, row.Depth, row.Descendants)));
        Assert.Equal([("sandbox", 1), ("coordinator", 2), ("cli", 1)], trace.Resources.Select(share => (share.Resource.Name, share.Spans)));
    }

    [Fact]
    public void A_span_that_is_sent_again_counts_once()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Spans("svc", Sample.Span(1, 1), Sample.Span(1, 1)));
        ingest.Take(Sample.Spans("svc", Sample.Span(1, 1)));
        Assert.Equal(1, Assert.Single(store.Traces()).Count);
    }

    [Fact]
    public void Spans_that_are_their_own_ancestors_are_shown_once()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Spans("svc", Sample.Span(1, 1, 2), Sample.Span(1, 2, 1), Sample.Span(1, 3, 3), Sample.Span(1, 4, 1)));
        var rows = TraceTree.Rows(Assert.Single(store.Traces()));
        Assert.Equal([1ul, 2ul, 3ul, 4ul], rows.Select(row => row.Span.SpanId.Value).Order());
    }

    [Fact]
    public void A_trace_may_be_deeper_than_a_stack()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Spans("svc", [.. Enumerable.Range(1, 15_000).Select(number => Sample.Span(1, number, number - 1))]));
        var rows = TraceTree.Rows(Assert.Single(store.Traces()));
        Assert.Equal((14_999, 14_999), (rows[^1].Depth, rows[0].Descendants));
    }

    [Fact]
    public void The_trace_that_has_been_silent_for_longest_makes_room()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxTraceCount = 3 });
        for (var trace = 1; trace <= 3; trace++)
        {
            ingest.Take(Sample.Spans("svc", Sample.Span(trace, 1)));
        }

        ingest.Take(Sample.Spans("svc", Sample.Span(1, 2)));
        ingest.Take(Sample.Spans("svc", Sample.Span(4, 1)));
        Assert.Equal([3ul, 1ul, 4ul], store.Traces().Select(trace => trace.Id.Low));
        Assert.Null(store.FindTrace(new TraceId(0, 2)));
        Assert.Equal(2, store.FindTrace(new TraceId(0, 1))!.Count);
    }

    [Fact]
    public void Traces_are_bounded_by_bytes_and_attributes_by_count_and_length()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxTraceBytes = 1 << 20, MaxAttributeCount = 5, MaxAttributeLength = 5000 });
        for (var trace = 1; trace <= 500; trace++)
        {
            ingest.Take(Sample.Spans("svc", Sample.Span(trace, 1, attributes: [.. Enumerable.Range(0, 9).Select(number => ($"key{number}", (object)$"{trace} {new string('x', 9000)}"))])));
        }

        Assert.InRange(store.Bytes.Traces, 1, 1 << 20);
        Assert.InRange(store.Counts.Traces, 10, 100);
        var span = store.Traces()[^1].First;
        Assert.Equal(5, span.Attributes.Length);
        Assert.All(span.Attributes, attribute => Assert.Equal(5000, attribute.Value.Length));
        store.ClearTraces(null);
        Assert.Equal(0, store.Bytes.Traces);
    }

    [Fact]
    public void Resources_are_told_apart_by_name_and_instance()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxResourceCount = 3 });
        foreach (var (name, instance) in new[] { ("policy", "aaaaaaaaaaaa"), ("policy", "bbbbbbbbbbbb"), ("cli", "") })
        {
            ingest.Take(Otlp.Logs(Otlp.Resource(name, instance), "c", [Sample.Log("x")]));
        }

        Assert.Equal(["cli", "policy-aaaaaaaa", "policy-bbbbbbbb"], store.Resources.Select(resource => resource.DisplayName));
        Assert.Equal(2, new LogQuery { Resource = new ResourceChoice("policy") }.Run(store).Count);
        Assert.Single(new LogQuery { Resource = new ResourceChoice("policy/bbbbbbbbbbbb") }.Run(store));
        ingest.Take(new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { Sample.Log("y") } } } } } });
        Assert.Equal(3, store.Resources.Count);
        Assert.Contains(store.Resources, resource => resource.Name == TelemetryResource.UnknownName);
    }

    [Fact]
    public async Task Readers_and_writers_do_not_disturb_each_other()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxLogCount = 700, MaxTraceCount = 50 });
        using var done = new CancellationTokenSource();
        var reader = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    foreach (var trace in new TraceQuery().Run(store))
                    {
                        Assert.Equal(trace.Count, TraceTree.Rows(trace).Count);
                        Assert.Equal(trace.Count, trace.Resources.Sum(share => share.Spans));
                    }

                    Assert.DoesNotContain(null, store.Logs());
                }
            },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(
            () =>
            {
                for (var number = 0; number < 2000; number++)
                {
                    ingest.Take(Sample.Spans($"svc{writer}", Sample.Span((number % 80) + 1, (writer * 10_000) + number + 1)));
                    ingest.Take(Sample.Logs($"svc{writer}", Sample.Log($"{number}")));
                }
            },
            TestContext.Current.CancellationToken)));
        await done.CancelAsync();
        await reader;
        Assert.Equal((700, 50), store.Counts);
    }

    [Fact]
    public void A_replay_of_the_system_stays_within_every_bound()
    {
        var limits = new TelemetryLimits { MaxLogBytes = 200_000, MaxTraceBytes = 2_000_000, MaxMetricBytes = 1_000_000 };
        var (store, ingest) = Sample.Store(limits);
        var replay = new SystemReplay(Sample.StartTime, TimeSpan.FromSeconds(1));
        while (replay.Searches < 60)
        {
            foreach (var request in replay.NextSearch())
            {
                _ = request switch
                {
                    ExportTraceServiceRequest spans => ingest.Take(spans),
                    ExportLogsServiceRequest logs => ingest.Take(logs),
                    ExportMetricsServiceRequest metrics => ingest.Take(metrics),
                    _ => throw new InvalidOperationException(),
                };
            }

            Assert.InRange(store.Bytes.Logs, 0, limits.MaxLogBytes);
            Assert.InRange(store.Bytes.Traces, 0, limits.MaxTraceBytes);
            Assert.InRange(store.Bytes.Metrics, 0, limits.MaxMetricBytes);
        }

        Assert.Equal(7, store.Resources.Count);
        Assert.True(store.Traces()[^1].HasRoot);
        Assert.True(store.Traces()[^1].HasGenAi);
    }
}
