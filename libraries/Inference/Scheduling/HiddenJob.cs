using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Scheduling;

/// <summary>Reads hidden states after some tokens of a text; what follows the last is not computed.</summary>
internal sealed class HiddenJob(ReadOnlySpan<int> tokens, int[] positions, ServedAdapter? adapter, QueueTicket ticket)
    : ScoringJob(tokens[..(positions[^1] + 1)].ToArray(), positions, adapter, ticket)
{
    private readonly float[][] _states = new float[positions.Length][];

    // Continuations of the caller's must not run on the thread that computes.
    private readonly TaskCompletionSource<float[][]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The hidden states, [positions][hidden].</summary>
    public Task<float[][]> Result => _result.Task;

    /// <inheritdoc/>
    public override bool WantsHidden => true;

    /// <inheritdoc/>
    public override void Take(int index, ReadOnlySpan<float> row, Sampler sampler) => _states[index] = row.ToArray();

    /// <inheritdoc/>
    public override void Complete() => _result.TrySetResult(_states);

    /// <inheritdoc/>
    public override void Fail(Exception error) => _result.TrySetException(error);
}
