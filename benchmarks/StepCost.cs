namespace O1Coder.Benchmarks;

/// <summary>What a training step took.</summary>
/// <param name="Seconds">Of the clock.</param>
/// <param name="ProcessorSeconds">Of all threads together.</param>
internal readonly record struct StepCost(double Seconds, double ProcessorSeconds);
