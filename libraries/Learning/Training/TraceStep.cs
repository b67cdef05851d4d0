namespace O1Coder.Learning.Training;

/// <summary>One step of a <see cref="TrainingTrace"/>.</summary>
/// <param name="Loss">The mean cross-entropy before the step, in nats.</param>
/// <param name="GradientNorm">The gradient's norm before clipping.</param>
public sealed record TraceStep(double Loss, double GradientNorm);
