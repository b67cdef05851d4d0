using System.CommandLine;
using System.Diagnostics;
using Google.Protobuf;
using O1Coder.Benchmarks.Dashboard;
using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Benchmarks;

/// <summary>
/// The dashboard after days: telemetry of this system for so many hours, replayed as fast as it is taken, with memory at steps
/// and, at the end, what each page takes on the server.
/// </summary>
internal static class DashboardBenchmark
{
    private const int BadInput = 2;
    private const int Steps = 12;
    private const int Rounds = 15;

    public static Command Command()
    {
        var hours = new Option<double>("--hours") { Description = "How much telemetry is replayed, in hours.", DefaultValueFactory = _ => 48 };
        var interval = new Option<double>("--metrics-every") { Description = "Seconds between exports of metrics; the AppHost sets 1.", DefaultValueFactory = _ => 1 };
        var command = new Command("dashboard", "Memory and page times of the dashboard after 48 hours' worth of telemetry.") { hours, interval };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var refusal = (parsed.GetValue(hours), parsed.GetValue(interval)) switch
            {
                (not (> 0 and <= 1000), _) => $"--hours is {parsed.GetValue(hours)}: expected more than 0, at most 1000",
                (_, not (>= 0.1 and <= 60)) => $"--metrics-every is {parsed.GetValue(interval)}: expected 0.1 to 60",
                _ => null,
            };
            if (refusal is not null)
            {
                await Console.Error.WriteLineAsync(refusal);
                return BadInput;
            }

            await RunAsync(TimeSpan.FromHours(parsed.GetValue(hours)), TimeSpan.FromSeconds(parsed.GetValue(interval)), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(TimeSpan duration, TimeSpan metricsEvery, CancellationToken cancellationToken)
    {
        var store = new TelemetryStore(new TelemetryLimits());
        var ingest = new TelemetryIngest(store, TimeProvider.System);
        // It ends now, so that the pages' times, which end now, hold it.
        var replay = new SystemReplay(DateTime.UtcNow - duration, metricsEvery);
        var begin = replay.Now;
        var end = begin + ((ulong)duration.Ticks * 100);
        var counted = new Counted();
        var watch = Stopwatch.StartNew();
        Console.WriteLine($"{duration.TotalHours:0.##} hours of this system, metrics every {metricsEvery.TotalSeconds:0.##} s; each request is read from its bytes, as from the network.");
        Console.WriteLine("| hours | spans taken | log lines taken | points taken | heap after GC, MB | working set, MB | traces, log lines held | budget used, MB: logs, traces, metrics |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        for (var step = 1; step <= Steps; step++)
        {
            var until = begin + ((end - begin) / Steps * (ulong)step);
            while (replay.Now < until)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var request in replay.NextSearch())
                {
                    Take(ingest, request, counted);
                }
            }

            Tell(duration * step / Steps, store, counted);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        Console.WriteLine($"{replay.Searches:N0} searches in {seconds:0} s: {duration.TotalSeconds / seconds:N0} times as fast as they come; {counted.Bytes / 1e9:0.0} GB of requests.");
        Console.WriteLine();
        await PageTimes.TellAsync(store, Rounds);
    }

    private static void Take(TelemetryIngest ingest, IMessage request, Counted counted)
    {
        var bytes = request.ToByteArray();
        counted.Bytes += bytes.Length;
        switch (request)
        {
            case ExportTraceServiceRequest spans:
                ingest.Take(ExportTraceServiceRequest.Parser.ParseFrom(bytes));
                counted.Spans += spans.ResourceSpans.Sum(resource => resource.ScopeSpans.Sum(scope => scope.Spans.Count));
                break;
            case ExportLogsServiceRequest logs:
                ingest.Take(ExportLogsServiceRequest.Parser.ParseFrom(bytes));
                counted.Logs += logs.ResourceLogs.Sum(resource => resource.ScopeLogs.Sum(scope => scope.LogRecords.Count));
                break;
            case ExportMetricsServiceRequest metrics:
                ingest.Take(ExportMetricsServiceRequest.Parser.ParseFrom(bytes));
                counted.Points += metrics.ResourceMetrics.Sum(resource => resource.ScopeMetrics.Sum(scope => scope.Metrics.Sum(PointsOf)));
                break;
            default:
                throw new UnreachableException(request.Descriptor.FullName);
        }
    }

    private static int PointsOf(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Count,
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count,
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Count,
        _ => metric.ExponentialHistogram.DataPoints.Count,
    };

    private static void Tell(TimeSpan at, TelemetryStore store, Counted counted)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        var heap = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        using var process = Process.GetCurrentProcess();
        var (logs, traces, metrics) = store.Bytes;
        Console.WriteLine(
            $"| {at.TotalHours:0.##} | {counted.Spans:N0} | {counted.Logs:N0} | {counted.Points:N0} | {heap:0.0} | {process.WorkingSet64 / 1e6:0} | {store.Counts.Traces:N0}, {store.Counts.Logs:N0} | {logs / 1e6:0.0}, {traces / 1e6:0.0}, {metrics / 1e6:0.0} |");
    }

    private sealed class Counted
    {
        public long Spans { get; set; }

        public long Logs { get; set; }

        public long Points { get; set; }

        public long Bytes { get; set; }
    }
}
