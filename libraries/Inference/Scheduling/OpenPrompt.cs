using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Scheduling;

/// <summary>A request's prompt while it is prefilled, and then while sequences of it have yet to start.</summary>
/// <param name="job">The request.</param>
/// <param name="sequence">The prompt's keys and values.</param>
/// <param name="logits">[vocabulary]: room for the logits behind it.</param>
internal sealed class OpenPrompt(Job job, KvSequence sequence, float[] logits)
{
    /// <summary>The request.</summary>
    public Job Job => job;

    /// <summary>The prompt's keys and values.</summary>
    public KvSequence Sequence => sequence;

    /// <summary>[vocabulary]: the logits behind it, once it is ready.</summary>
    public float[] Logits => logits;

    /// <summary>Whether it is prefilled, and sequences can start from it.</summary>
    public bool IsReady { get; set; }
}
