namespace O1Coder.Learning.Training;

/// <summary>The learning rate of each step.</summary>
internal static class LearningRate
{
    /// <summary>The rate of a step, from 1, of so many.</summary>
    public static double At(OptimizerSpec spec, int step, int steps)
    {
        if (step <= spec.WarmupSteps)
        {
            return spec.LearningRate * step / spec.WarmupSteps;
        }

        var progress = (step - 1.0 - spec.WarmupSteps) / Math.Max(1, steps - spec.WarmupSteps);
        return spec.Schedule == LearningRateSchedule.Cosine
            ? spec.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * progress))
            : spec.LearningRate;
    }
}
