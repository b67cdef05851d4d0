using System.Diagnostics.CodeAnalysis;

namespace O1Coder.Inference.Scheduling;

/// <summary>What is to be done on the engine's thread between steps. Safe for concurrent callers.</summary>
internal sealed class ErrandQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<Action<Exception?>> _errands = [];
    private Exception? _closed;

    /// <summary>Puts an errand at the end; the task ends as it does.</summary>
    public Task<T> AddAsync<T>(Func<T> errand)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closed is not null)
            {
                return Task.FromException<T>(_closed);
            }

            _errands.Enqueue(closed => Do(errand, closed, result));
        }

        return result.Task;
    }

    /// <summary>Does what there is, on the caller's thread.</summary>
    public void Run() => Run(null);

    /// <summary>Ends what there is, and whatever comes, with an error.</summary>
    public void Close(Exception error)
    {
        lock (_gate)
        {
            _closed = error;
        }

        Run(error);
    }

    private void Run(Exception? closed)
    {
        while (true)
        {
            Action<Exception?>? errand;
            lock (_gate)
            {
                if (!_errands.TryDequeue(out errand))
                {
                    return;
                }
            }

            errand(closed);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to the one who waits for the result.")]
    private static void Do<T>(Func<T> errand, Exception? closed, TaskCompletionSource<T> result)
    {
        if (closed is not null)
        {
            result.SetException(closed);
            return;
        }

        try
        {
            result.SetResult(errand());
        }
        catch (Exception error)
        {
            result.SetException(error);
        }
    }
}
