namespace O1Coder.Coordinator;

/// <summary>What one evaluation came to.</summary>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Solved">Ids of the problems whose first sample passes all tests.</param>
/// <param name="Problems">How many problems it was.</param>
internal sealed record EvaluationResult(IReadOnlyList<StepMetric> Metrics, IReadOnlyList<string> Solved, int Problems);
