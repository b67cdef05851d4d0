using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>A valid run over many problems, with every default filled in; its problems lie in its folder.</summary>
/// <param name="Request">The request without its problems.</param>
/// <param name="Problems">How many there are.</param>
/// <param name="Budget">What may be spent.</param>
/// <param name="Parallel">Problems that are worked on at once.</param>
internal sealed record ManyPlan(V1.SolveManyRequest Request, int Problems, EffortBudget Budget, int Parallel);
