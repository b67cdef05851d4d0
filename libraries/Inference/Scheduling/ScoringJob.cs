using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Scheduling;

/// <summary>A request that only reads what the model makes of a text: it is done when its path is prefilled.</summary>
internal abstract class ScoringJob(int[] path, int[] positions, ServedAdapter? adapter, QueueTicket ticket)
    : Job(path, positions, adapter, ticket)
{
    /// <summary>Whether hidden states are wanted, and not logits.</summary>
    public virtual bool WantsHidden => false;

    /// <summary>Takes the logits or the hidden state after one of <see cref="Job.Positions"/>.</summary>
    /// <param name="index">Which of them.</param>
    /// <param name="row">[vocabulary] or [hidden].</param>
    /// <param name="sampler">Sums exponentials.</param>
    public abstract void Take(int index, ReadOnlySpan<float> row, Sampler sampler);

    /// <summary>All positions have been taken.</summary>
    public abstract void Complete();
}
