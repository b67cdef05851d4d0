using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>Points in order of time, in a ring that grows up to a bound; its owner locks.</summary>
internal sealed class PointRing(int maxCount)
{
    private const int FirstCapacity = 8;

    private MetricPoint[] _points = [];
    private int _head;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they weigh, in bytes, estimated.</summary>
    public long Bytes { get; private set; }

    /// <summary>The newest; there must be one.</summary>
    public MetricPoint Last => At(Count - 1);

    /// <summary>Adds a point at its place in time; equal values in a row become one.</summary>
    public void Add(in MetricPoint point)
    {
        if (Count > 0)
        {
            var last = Last;
            if (point.End >= last.End)
            {
                if (IsSame(last, point))
                {
                    Set(Count - 1, last with { End = point.End });
                    return;
                }

                if (point.End == last.End)
                {
                    Replace(point);
                    return;
                }
            }
        }

        if (Count == maxCount)
        {
            RemoveOldest();
        }

        Grow();
        var index = Count++;
        Bytes += point.Size;
        for (; index > 0 && At(index - 1).End > point.End; index--)
        {
            Set(index, At(index - 1));
        }

        Set(index, point);
    }

    /// <summary>Drops every other point of the older half, which keeps running totals true and loses detail where it is least missed.</summary>
    public void Thin()
    {
        var half = Count / 2;
        var kept = 0;
        for (var index = 0; index < Count; index++)
        {
            var point = At(index);
            if (index < half && index % 2 == 1)
            {
                Bytes -= point.Size;
            }
            else
            {
                Set(kept++, point);
            }
        }

        for (var index = kept; index < Count; index++)
        {
            Set(index, default);
        }

        Count = kept;
        if (_points.Length > FirstCapacity && Count < _points.Length / 4)
        {
            Resize(Math.Max(FirstCapacity, Count * 2));
        }
    }

    /// <summary>The points that held at some time from <paramref name="from"/> to <paramref name="to"/>, and the one before.</summary>
    public MetricPoint[] Range(long from, long to)
    {
        // The first point that ends at or after the beginning.
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = At(middle).End < from ? (middle + 1, high) : (low, middle);
        }

        var first = Math.Max(0, low - 1);
        var end = low;
        while (end < Count && At(end).Start <= to)
        {
            end++;
        }

        var points = new MetricPoint[end - first];
        for (var index = 0; index < points.Length; index++)
        {
            points[index] = At(first + index);
        }

        return points;
    }

    private static bool IsSame(in MetricPoint last, in MetricPoint point) =>
        last.Value.Equals(point.Value) && last.Count == point.Count && point.Exemplars is null;

    private void Replace(in MetricPoint point)
    {
        Bytes += point.Size - Last.Size;
        Set(Count - 1, point);
    }

    private void RemoveOldest()
    {
        Bytes -= At(0).Size;
        Set(0, default);
        _head = (_head + 1) % _points.Length;
        Count--;
    }

    private void Grow()
    {
        if (Count == _points.Length)
        {
            Resize(Math.Min(maxCount, Math.Max(FirstCapacity, Count * 2)));
        }
    }

    private void Resize(int capacity)
    {
        var points = new MetricPoint[capacity];
        for (var index = 0; index < Count; index++)
        {
            points[index] = At(index);
        }

        (_points, _head) = (points, 0);
    }

    private MetricPoint At(int index) => _points[(_head + index) % _points.Length];

    private void Set(int index, in MetricPoint point) => _points[(_head + index) % _points.Length] = point;
}
