using System.Collections.Concurrent;

namespace O1Coder.Coordinator;

/// <summary>
/// Wakes those of this process who follow a log as soon as a line is in it. Who follows a log that another process writes
/// looks again after <see cref="LookAgain"/>.
/// </summary>
internal static class LogSignals
{
    /// <summary>The longest wait between two looks at a log.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private static readonly ConcurrentDictionary<string, TaskCompletionSource> s_waiting = new(StringComparer.Ordinal);

    /// <summary>A line was written.</summary>
    public static void Tell(string path)
    {
        if (s_waiting.TryRemove(path, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Ends with the next line. To be called before the log is read, so that none is missed.</summary>
    public static Task NextAsync(string path) =>
        s_waiting.GetOrAdd(path, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits for the next line, or as long as it takes to look again.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task WaitAsync(Task next, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(LookAgain, patience.Token));
        await patience.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
