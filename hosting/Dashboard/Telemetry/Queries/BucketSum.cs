using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Adds up many buckets, which mostly have the same bounds, without making new ones each time.</summary>
internal sealed class BucketSum
{
    private HistogramBuckets? _sum;
    private bool _isOwn;

    /// <summary>The sum so far; null of nothing.</summary>
    public HistogramBuckets? Value => _sum;

    /// <summary>Adds.</summary>
    public void Add(HistogramBuckets? buckets)
    {
        if (buckets is null)
        {
            return;
        }

        if (_sum is null)
        {
            _sum = buckets;
            return;
        }

        if (!_isOwn || !(ReferenceEquals(_sum.Bounds, buckets.Bounds) || _sum.Bounds.AsSpan().SequenceEqual(buckets.Bounds)))
        {
            // What comes of it is nobody else's, and may be added to.
            _sum = _sum.Plus(buckets);
            _isOwn = true;
            return;
        }

        for (var index = 0; index < _sum.Counts.Length; index++)
        {
            _sum.Counts[index] += buckets.Counts[index];
        }
    }
}
