using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Scheduling;

/// <summary>Reads the log-probabilities of a few labels after some tokens of a text; what follows the last is not computed.</summary>
internal sealed class LabelJob(ReadOnlySpan<int> tokens, int[] positions, int[] labels, ServedAdapter? adapter, QueueTicket ticket)
    : ScoringJob(tokens[..(positions[^1] + 1)].ToArray(), positions, adapter, ticket)
{
    private readonly float[][] _scores = new float[positions.Length][];

    // Continuations of the caller's must not run on the thread that computes.
    private readonly TaskCompletionSource<float[][]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The log-probabilities, [positions][labels].</summary>
    public Task<float[][]> Result => _result.Task;

    /// <inheritdoc/>
    public override void Take(int index, ReadOnlySpan<float> row, Sampler sampler)
    {
        var logSum = sampler.LogSumExp(row, out _);
        var scores = _scores[index] = new float[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            scores[i] = row[labels[i]] - logSum;
        }
    }

    /// <inheritdoc/>
    public override void Complete() => _result.TrySetResult(_scores);

    /// <inheritdoc/>
    public override void Fail(Exception error) => _result.TrySetException(error);
}
