namespace O1Coder.Problems.Metrics;

/// <summary>An estimate and the interval that it lies in with a given confidence.</summary>
/// <param name="Estimate">The statistic of the sample itself.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Estimate, double Low, double High);
