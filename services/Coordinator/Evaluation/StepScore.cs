namespace O1Coder.Coordinator;

/// <summary>One step of a search as the process reward model and the search see it.</summary>
/// <param name="Reward">The model's reward, in [0, 1].</param>
/// <param name="Value">v of the step's node: the mean of the values that were backed up through it, in [0, 1].</param>
internal sealed record StepScore(double Reward, double Value);
