using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Scheduling;

/// <summary>Scores a continuation: everything is prefilled, but the last token, after which nothing is asked.</summary>
internal sealed class ScoreJob(ReadOnlySpan<int> prompt, ReadOnlySpan<int> continuation)
    : Job([.. prompt, .. continuation[..^1]], prompt.Length - 1)
{
    private readonly int[] _continuation = continuation.ToArray();
    private readonly float[] _scores = new float[continuation.Length];

    // Continuations of the caller's must not run on the thread that computes.
    private readonly TaskCompletionSource<float[]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The log-probabilities.</summary>
    public Task<float[]> Result => _result.Task;

    /// <summary>Takes the logits after a position of the path.</summary>
    public void Take(int position, ReadOnlySpan<float> logits, Sampler sampler)
    {
        var index = position - FirstLogit;
        _scores[index] = logits[_continuation[index]] - sampler.LogSumExp(logits, out _);
    }

    /// <summary>All positions have been taken.</summary>
    public void Complete() => _result.TrySetResult(_scores);

    /// <inheritdoc/>
    public override void Fail(Exception error) => _result.TrySetException(error);
}
