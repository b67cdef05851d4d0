using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Scheduling;

/// <summary>Scores a continuation: everything is prefilled, but the last token, after which nothing is asked.</summary>
internal sealed class ScoreJob(ReadOnlySpan<int> prompt, ReadOnlySpan<int> continuation, ServedAdapter? adapter, QueueTicket ticket)
    : ScoringJob([.. prompt, .. continuation[..^1]], [.. Enumerable.Range(prompt.Length - 1, continuation.Length)], adapter, ticket)
{
    private readonly int[] _continuation = continuation.ToArray();
    private readonly float[] _scores = new float[continuation.Length];

    // Continuations of the caller's must not run on the thread that computes.
    private readonly TaskCompletionSource<float[]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The log-probabilities.</summary>
    public Task<float[]> Result => _result.Task;

    /// <inheritdoc/>
    public override void Take(int index, ReadOnlySpan<float> row, Sampler sampler) =>
        _scores[index] = row[_continuation[index]] - sampler.LogSumExp(row, out _);

    /// <inheritdoc/>
    public override void Complete() => _result.TrySetResult(_scores);

    /// <inheritdoc/>
    public override void Fail(Exception error) => _result.TrySetException(error);
}
