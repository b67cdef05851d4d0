using Google.Protobuf;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Benchmarks.Dashboard;

/// <summary>
/// Plays the telemetry of this system without running it: searches, one after the other, as the services tell of them, and the
/// metrics of each service at a fixed interval. The same seed gives the same telemetry.
/// </summary>
internal sealed class SystemReplay
{
    private static readonly (string Name, string Statement)[] s_problems =
    [
        ("balanced-brackets", "Read a line of brackets and print YES when they are balanced."),
        ("longest-run", "Print the length of the longest run of equal numbers."),
        ("grid-paths", "Count the paths from the upper left to the lower right of a grid with walls."),
        ("word-count", "Count how often each word occurs, most frequent first."),
        ("coin-change", "Print the fewest coins that make the amount, or -1."),
    ];

    private static readonly string[] s_services = ["coordinator", "policy", "sandbox", "prm", "tcg", "trainer"];

    private readonly Random _random;
    private readonly Dictionary<string, Resource> _resources = [];
    private readonly List<ServiceMetrics> _metrics = [];
    private readonly TimeSpan _metricInterval;
    private ulong _nextMetrics;
    private int _searches;

    /// <summary>Begins at a time.</summary>
    public SystemReplay(DateTime start, TimeSpan metricInterval, int seed = 1)
    {
        _random = new Random(seed);
        _metricInterval = metricInterval;
        Now = Nanos(start);
        _nextMetrics = Now;
        foreach (var service in s_services.Append("cli"))
        {
            _resources.Add(service, Otlp.Resource(service, Guid.NewGuid().ToString()));
        }

        foreach (var service in s_services)
        {
            _metrics.Add(new ServiceMetrics(service, _resources[service], Now, _random));
        }
    }

    /// <summary>How far the replay is, in nanoseconds since 1970.</summary>
    public ulong Now { get; private set; }

    /// <summary>Searches so far.</summary>
    public int Searches => _searches;

    /// <summary>Plays one search of about twelve seconds, and the metrics of its time: requests as exporters send them.</summary>
    public IEnumerable<IMessage> NextSearch()
    {
        var problem = s_problems[_searches++ % s_problems.Length];
        var search = new SearchPlay(problem.Name, problem.Statement, Now, _random);
        search.Play(_random.Next(12, 40));
        Now = search.End + Seconds(0.5);
        foreach (var metrics in _metrics)
        {
            metrics.Count(search);
        }

        while (_nextMetrics < Now)
        {
            foreach (var metrics in _metrics)
            {
                yield return metrics.Export(_nextMetrics);
            }

            _nextMetrics += (ulong)_metricInterval.Ticks * 100;
        }

        // Children end before their parents and are sent first; each service sends its own.
        foreach (var service in search.Services)
        {
            var spans = search.SpansOf(service);
            for (var from = 0; from < spans.Count; from += 512)
            {
                yield return Otlp.Spans(_resources[service], $"O1Coder.{char.ToUpperInvariant(service[0])}{service[1..]}", spans.GetRange(from, Math.Min(512, spans.Count - from)));
            }

            if (search.LogsOf(service) is { Count: > 0 } logs)
            {
                yield return Otlp.Logs(_resources[service], $"O1Coder.{char.ToUpperInvariant(service[0])}{service[1..]}", logs);
            }
        }
    }

    internal static ulong Seconds(double seconds) => (ulong)(seconds * 1e9);

    private static ulong Nanos(DateTime time) => (ulong)(time.ToUniversalTime() - DateTime.UnixEpoch).Ticks * 100;
}
