using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Scheduling;

/// <summary>A request that only reads logits: it is done when its path is prefilled.</summary>
internal abstract class ScoringJob(int[] path, int[] positions, ServedAdapter? adapter) : Job(path, positions, adapter)
{
    /// <summary>Takes the logits after one of <see cref="Job.Positions"/>.</summary>
    /// <param name="index">Which of them.</param>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="sampler">Sums exponentials.</param>
    public abstract void Take(int index, ReadOnlySpan<float> logits, Sampler sampler);

    /// <summary>All positions have been taken.</summary>
    public abstract void Complete();
}
