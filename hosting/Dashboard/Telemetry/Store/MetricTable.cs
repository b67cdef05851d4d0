using System.Collections.Concurrent;
using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>
/// The instruments of all resources. When their points outweigh the budget, the older half of each dimension loses every other
/// point, as often as it takes: the last minutes stay whole and the past gets coarser the longer ago it is.
/// </summary>
internal sealed class MetricTable(TelemetryLimits limits)
{
    private const int FewPoints = 64;
    private const double Headroom = 0.8;

    private readonly ConcurrentDictionary<TelemetryResource, ConcurrentDictionary<(string Meter, string Name), MetricInstrument>> _resources = new();
    private readonly Lock _trimming = new();
    private long _bytes;
    private long _version;

    /// <summary>Changes with every point.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What the points weigh, in bytes, estimated.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The instrument of this name, made when it is new; null where the resource has no room for another.</summary>
    public MetricInstrument? Get(TelemetryResource resource, string meter, string name)
    {
        var instruments = _resources.GetOrAdd(resource, _ => new ConcurrentDictionary<(string, string), MetricInstrument>());
        if (instruments.TryGetValue((meter, name), out var instrument))
        {
            return instrument;
        }

        return instruments.Count >= limits.MaxInstrumentCount
            ? null
            : instruments.GetOrAdd((meter, name), _ => new MetricInstrument(resource, meter, name, limits));
    }

    /// <summary>All instruments of a resource.</summary>
    public IReadOnlyCollection<MetricInstrument> Of(TelemetryResource resource) =>
        _resources.TryGetValue(resource, out var instruments) ? [.. instruments.Values] : [];

    /// <summary>Resources that have instruments.</summary>
    public IReadOnlyCollection<TelemetryResource> Resources => [.. _resources.Keys];

    /// <summary>Accounts for bytes that came, and makes room where they are too many.</summary>
    public void Grown(long bytes)
    {
        Interlocked.Increment(ref _version);
        if (Interlocked.Add(ref _bytes, bytes) > limits.MaxMetricBytes)
        {
            Trim();
        }
    }

    /// <summary>Forgets a resource's instruments.</summary>
    public void Remove(TelemetryResource resource)
    {
        if (_resources.TryRemove(resource, out var instruments))
        {
            Freed(instruments.Values.Sum(instrument => instrument.DropSilent(long.MaxValue)));
            Interlocked.Increment(ref _version);
        }
    }

    private List<MetricInstrument> All() => [.. _resources.Values.SelectMany(instruments => instruments.Values)];

    private void Freed(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    private void Trim()
    {
        lock (_trimming)
        {
            // Counted anew: what came for an instrument just as it was dropped would be counted for ever.
            Interlocked.Exchange(ref _bytes, All().Sum(instrument => instrument.Bytes));
            var target = (long)(limits.MaxMetricBytes * Headroom);
            while (Bytes > target)
            {
                var freed = All().Sum(instrument => instrument.Thin(FewPoints));
                Freed(freed);
                if (freed == 0)
                {
                    DropLongestSilent(Bytes - target);
                    return;
                }
            }
        }
    }

    private void DropLongestSilent(long bytes)
    {
        var told = new List<(long LastTime, long Bytes)>();
        var instruments = All();
        instruments.ForEach(instrument => instrument.Tell(told));
        told.Sort();
        var since = 0L;
        foreach (var (lastTime, weight) in told)
        {
            since = lastTime + 1;
            bytes -= weight;
            if (bytes <= 0)
            {
                break;
            }
        }

        Freed(instruments.Sum(instrument => instrument.DropSilent(since)));
        foreach (var (resource, held) in _resources)
        {
            foreach (var instrument in held.Values.Where(instrument => instrument.DimensionCount == 0))
            {
                held.TryRemove((instrument.Meter, instrument.Name), out _);
            }

            if (held.IsEmpty)
            {
                _resources.TryRemove(resource, out _);
            }
        }
    }
}
