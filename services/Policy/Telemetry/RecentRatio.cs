using System.Diagnostics.Metrics;

namespace O1Coder.Policy;

/// <summary>The ratio of what two totals grew by between two readings; no value where the second did not grow. For one reader.</summary>
internal sealed class RecentRatio
{
    private double _numerator;
    private double _denominator;

    /// <summary>Takes the totals as they are now.</summary>
    public IEnumerable<Measurement<double>> Next(double numerator, double denominator)
    {
        var (over, under) = (numerator - _numerator, denominator - _denominator);
        (_numerator, _denominator) = (numerator, denominator);

        // A model that was loaded anew begins at nothing.
        return under > 0 && over >= 0 ? [new Measurement<double>(over / under)] : [];
    }
}
