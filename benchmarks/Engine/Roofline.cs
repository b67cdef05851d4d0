namespace O1Coder.Benchmarks;

/// <summary>A bound that the machine sets.</summary>
/// <param name="Of">The measurement that it bounds.</param>
/// <param name="Kind">Which resource, for people.</param>
/// <param name="Rate">What the machine gives, measured.</param>
/// <param name="RateUnit">Of <paramref name="Rate"/>.</param>
/// <param name="Needed">What a token needs.</param>
/// <param name="NeededUnit">Of <paramref name="Needed"/>.</param>
/// <param name="TokensPerSecond">The bound.</param>
internal sealed record Roofline(
    string Of, string Kind, double Rate, string RateUnit, double Needed, string NeededUnit, double TokensPerSecond);
