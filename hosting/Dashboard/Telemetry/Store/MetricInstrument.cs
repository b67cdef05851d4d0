using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>An instrument of a resource, with its dimensions.</summary>
public sealed class MetricInstrument
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricDimension> _dimensions = new(StringComparer.Ordinal);
    private readonly TelemetryLimits _limits;

    internal MetricInstrument(TelemetryResource resource, string meter, string name, TelemetryLimits limits)
    {
        Resource = resource;
        Meter = meter;
        Name = name;
        _limits = limits;
    }

    /// <summary>Whose it is.</summary>
    public TelemetryResource Resource { get; }

    /// <summary>The meter, which OTLP calls scope.</summary>
    public string Meter { get; }

    /// <summary>Its name, unique within the meter.</summary>
    public string Name { get; }

    /// <summary>In what it counts, in UCUM: <c>s</c>, <c>By</c>, <c>{request}</c>; may be empty.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>What it tells; may be empty.</summary>
    public string Description { get; private set; } = "";

    /// <summary>What its numbers are.</summary>
    public InstrumentKind Kind { get; private set; }

    /// <summary>Says what the instrument is; a sender may say otherwise after a restart.</summary>
    internal void Describe(string unit, string description, InstrumentKind kind) => (Unit, Description, Kind) = (unit, description, kind);

    /// <summary>Adds a point to its dimension and says by how many bytes the instrument grew; false where there is no room for another dimension.</summary>
    internal bool Add(TelemetryAttribute[] attributes, in MetricPoint point, long began, bool isDelta, out long grown)
    {
        grown = 0;
        var key = KeyOf(attributes);
        lock (_gate)
        {
            if (!_dimensions.TryGetValue(key, out var dimension))
            {
                if (_dimensions.Count >= _limits.MaxDimensionCount)
                {
                    return false;
                }

                dimension = new MetricDimension(attributes, began, _limits.MaxMetricsCount);
                _dimensions.Add(key, dimension);
                grown = dimension.Bytes;
            }

            var before = dimension.Bytes;
            dimension.Add(point, isDelta);
            grown += dimension.Bytes - before;
            return true;
        }
    }

    /// <summary>Copies the points of a time, dimension by dimension, each with the time since when its totals count; in 1970 where that is not known.</summary>
    internal List<(TelemetryAttribute[] Attributes, MetricPoint[] Points, long Began)> Range(long from, long to)
    {
        var found = new List<(TelemetryAttribute[], MetricPoint[], long)>();
        lock (_gate)
        {
            foreach (var dimension in _dimensions.Values)
            {
                found.Add((dimension.Attributes, dimension.Points.Range(from, to), dimension.Began));
            }
        }

        return found;
    }

    /// <summary>Thins out every dimension that has more than so many points; returns the bytes that this freed.</summary>
    internal long Thin(int more)
    {
        var freed = 0L;
        lock (_gate)
        {
            foreach (var dimension in _dimensions.Values)
            {
                if (dimension.Points.Count > more)
                {
                    freed += dimension.Bytes;
                    dimension.Points.Thin();
                    freed -= dimension.Bytes;
                }
            }
        }

        return freed;
    }

    /// <summary>Forgets the dimensions that have been silent since a time; returns the bytes that this freed.</summary>
    internal long DropSilent(long since)
    {
        var freed = 0L;
        lock (_gate)
        {
            foreach (var (key, dimension) in _dimensions)
            {
                if (dimension.LastTime < since)
                {
                    freed += dimension.Bytes;
                    _dimensions.Remove(key);
                }
            }
        }

        return freed;
    }

    /// <summary>When each dimension was last heard of, UTC ticks, and its weight in bytes.</summary>
    internal void Tell(List<(long LastTime, long Bytes)> into)
    {
        lock (_gate)
        {
            foreach (var dimension in _dimensions.Values)
            {
                into.Add((dimension.LastTime, dimension.Bytes));
            }
        }
    }

    /// <summary>What its dimensions weigh, in bytes, estimated.</summary>
    internal long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _dimensions.Values.Sum(dimension => dimension.Bytes);
            }
        }
    }

    /// <summary>How many dimensions there are.</summary>
    internal int DimensionCount
    {
        get
        {
            lock (_gate)
            {
                return _dimensions.Count;
            }
        }
    }

    // Attributes come sorted. Lengths stand before the texts, so that no value can look like two.
    private static string KeyOf(TelemetryAttribute[] attributes)
    {
        if (attributes.Length == 0)
        {
            return "";
        }

        var text = new System.Text.StringBuilder();
        foreach (var (key, value) in attributes)
        {
            text.Append(key.Length).Append(':').Append(key).Append(value.Length).Append(':').Append(value);
        }

        return text.ToString();
    }
}
