using Google.Protobuf;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Benchmarks.Dashboard;

/// <summary>The metrics of a service: those of .NET and of gRPC, and its own. One request is made, and its numbers are changed.</summary>
internal sealed class ServiceMetrics
{
    private static readonly double[] s_bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly ExportMetricsServiceRequest _request;
    private readonly List<NumberDataPoint> _counters = [];
    private readonly List<NumberDataPoint> _gauges = [];
    private readonly List<HistogramDataPoint> _durations = [];
    private readonly Dictionary<string, NumberDataPoint> _runs = [];
    private readonly ExponentialHistogramDataPoint? _runTime;
    private readonly NumberDataPoint? _tokens;
    private readonly NumberDataPoint? _rollouts;
    private readonly Random _random;
    private readonly ulong _start;
    private SearchPlay? _last;

    /// <summary>Begins with nothing counted.</summary>
    public ServiceMetrics(string service, Resource resource, ulong start, Random random)
    {
        _random = random;
        _start = start;
        var runtime = Scope("System.Runtime");
        foreach (var generation in new[] { "gen0", "gen1", "gen2" })
        {
            _counters.Add(AddSum(runtime, "dotnet.gc.collections", "{collection}", ("gc.heap.generation", generation)));
        }

        foreach (var generation in new[] { "gen0", "gen1", "gen2", "loh", "poh" })
        {
            _gauges.Add(AddGauge(runtime, "dotnet.gc.last_collection.heap.size", "By", ("gc.heap.generation", generation)));
        }

        _counters.Add(AddSum(runtime, "dotnet.gc.heap.total_allocated", "By"));
        _counters.Add(AddSum(runtime, "dotnet.process.cpu.time", "s", ("cpu.mode", "user")));
        _counters.Add(AddSum(runtime, "dotnet.process.cpu.time", "s", ("cpu.mode", "system")));
        _gauges.Add(AddGauge(runtime, "dotnet.process.memory.working_set", "By"));
        _gauges.Add(AddGauge(runtime, "dotnet.thread_pool.thread.count", "{thread}"));
        _counters.Add(AddSum(runtime, "dotnet.thread_pool.work_item.count", "{work_item}"));
        var server = Scope("Microsoft.AspNetCore.Hosting");
        foreach (var route in new[] { "Execute", "Check", "Watch" })
        {
            _durations.Add(AddHistogram(server, "http.server.request.duration", "s", ("http.route", $"/o1coder.v1.{service}/{route}"), ("http.response.status_code", 200)));
        }

        _gauges.Add(AddGauge(server, "http.server.active_requests", "{request}"));
        var own = Scope($"O1Coder.{char.ToUpperInvariant(service[0])}{service[1..]}");
        switch (service)
        {
            case "policy":
                _tokens = AddSum(own, "o1coder.policy.generated_tokens", "{token}");
                _gauges.Add(AddGauge(own, "o1coder.policy.running_sequences", "{sequence}"));
                _durations.Add(AddHistogram(own, "o1coder.policy.queue_time", "s"));
                break;
            case "sandbox":
                foreach (var verdict in new[] { "passed", "wrong_answer", "runtime_error", "time_limit" })
                {
                    _runs.Add(verdict, AddSum(own, "o1coder.sandbox.runs", "{run}", ("verdict", verdict)));
                }

                _runTime = new ExponentialHistogramDataPoint { Scale = 3, Sum = 0, Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = -48 } };
                _runTime.Positive.BucketCounts.AddRange(new ulong[64]);
                own.Metrics.Add(new Metric
                {
                    Name = "o1coder.sandbox.run.duration",
                    Unit = "s",
                    Description = "From taking a box to its facts.",
                    ExponentialHistogram = new ExponentialHistogram { AggregationTemporality = AggregationTemporality.Cumulative, DataPoints = { _runTime } },
                });
                break;
            case "coordinator":
                _rollouts = AddSum(own, "o1coder.search.rollouts", "{rollout}");
                _durations.Add(AddHistogram(own, "o1coder.redis.latency", "s", ("result", "ok")));
                break;
            default:
                break;
        }

        _request = new ExportMetricsServiceRequest
        {
            ResourceMetrics = { new ResourceMetrics { Resource = resource, ScopeMetrics = { runtime, server, own } } },
        };
    }

    /// <summary>Counts what a search did.</summary>
    public void Count(SearchPlay search)
    {
        _last = search;
        _tokens?.AsInt += search.Tokens;
        _rollouts?.AsInt += search.Rollouts;
        if (_runTime is null)
        {
            return;
        }

        _runTime.Exemplars.Clear();
        foreach (var (verdict, seconds, trace, span) in search.Runs)
        {
            _runs[verdict].AsInt++;
            // Bucket i of scale 3 ends at 2^((i+1)/8).
            _runTime.Positive.BucketCounts[Math.Clamp((int)Math.Ceiling(Math.Log2(seconds) * 8) - 1 + 48, 0, 63)]++;
            _runTime.Count++;
            _runTime.Sum += seconds;
        }

        foreach (var (_, seconds, trace, span) in search.Runs.OrderByDescending(run => run.Seconds).Take(2))
        {
            _runTime.Exemplars.Add(new Exemplar { AsDouble = seconds, TraceId = trace, SpanId = span, TimeUnixNano = search.End });
        }
    }

    /// <summary>What is exported at a time.</summary>
    public ExportMetricsServiceRequest Export(ulong time)
    {
        var busy = _last is null ? 0 : 1;
        foreach (var counter in _counters)
        {
            counter.TimeUnixNano = time;
            if (_random.Next(4) == 0)
            {
                counter.AsInt += _random.Next(1, 40) * busy;
            }
        }

        foreach (var gauge in _gauges)
        {
            gauge.TimeUnixNano = time;
            gauge.AsInt = Math.Max(0, gauge.AsInt + _random.Next(-1000, 1010));
        }

        foreach (var duration in _durations)
        {
            duration.TimeUnixNano = time;
            var seconds = 0.004 * Math.Exp(_random.NextDouble() * 6);
            duration.BucketCounts[Array.FindIndex([.. s_bounds, double.MaxValue], bound => seconds <= bound)]++;
            duration.Count++;
            duration.Sum += seconds;
        }

        foreach (var run in _runs.Values)
        {
            run.TimeUnixNano = time;
        }

        _runTime?.TimeUnixNano = time;
        _tokens?.TimeUnixNano = time;
        _rollouts?.TimeUnixNano = time;
        return _request;
    }

    private static ScopeMetrics Scope(string meter) => new() { Scope = new InstrumentationScope { Name = meter } };

    private static Metric Find(ScopeMetrics scope, string name, string unit)
    {
        var metric = scope.Metrics.FirstOrDefault(one => one.Name == name);
        if (metric is null)
        {
            metric = new Metric { Name = name, Unit = unit, Description = $"What {name} counts." };
            scope.Metrics.Add(metric);
        }

        return metric;
    }

    private NumberDataPoint AddSum(ScopeMetrics scope, string name, string unit, params (string Key, object Value)[] attributes)
    {
        var metric = Find(scope, name, unit);
        metric.Sum ??= new Sum { IsMonotonic = true, AggregationTemporality = AggregationTemporality.Cumulative };
        var point = new NumberDataPoint { AsInt = 0, StartTimeUnixNano = _start };
        point.Attributes.AddRange(Otlp.Attributes(attributes));
        metric.Sum.DataPoints.Add(point);
        return point;
    }

    private NumberDataPoint AddGauge(ScopeMetrics scope, string name, string unit, params (string Key, object Value)[] attributes)
    {
        var metric = Find(scope, name, unit);
        metric.Gauge ??= new Gauge();
        var point = new NumberDataPoint { AsInt = _random.Next(10_000, 90_000), StartTimeUnixNano = _start };
        point.Attributes.AddRange(Otlp.Attributes(attributes));
        metric.Gauge.DataPoints.Add(point);
        return point;
    }

    private HistogramDataPoint AddHistogram(ScopeMetrics scope, string name, string unit, params (string Key, object Value)[] attributes)
    {
        var metric = Find(scope, name, unit);
        metric.Histogram ??= new Histogram { AggregationTemporality = AggregationTemporality.Cumulative };
        var point = new HistogramDataPoint { StartTimeUnixNano = _start, Sum = 0 };
        point.ExplicitBounds.AddRange(s_bounds);
        point.BucketCounts.AddRange(new ulong[s_bounds.Length + 1]);
        point.Attributes.AddRange(Otlp.Attributes(attributes));
        metric.Histogram.DataPoints.Add(point);
        return point;
    }
}
