using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Threads that share a phase's chunks out among themselves: whoever is free takes the next one. The caller takes part, and
/// waits for chunks that were taken, never for threads: one that the system does not run holds up what it has begun and no
/// more. Waiting threads spin for some microseconds and then sleep. One caller at a time.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // What waking a thread takes; phases of a step follow each other sooner than that.
    private static readonly long s_spin = Stopwatch.Frequency / 50_000;

    private readonly Thread[] _threads;
    private readonly object _work = new();
    private readonly object _end = new();
    private Action<int, int>? _body;
    private Exception? _error;
    private int _chunks;
    private int _untaken;
    private int _unfinished;
    private int _asleep;
    private int _callerSleeps;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">All of them, the caller included.</param>
    public WorkerTeam(int threads)
    {
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { Name = $"inference {worker}", IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>Threads, the caller included.</summary>
    public int Threads => _threads.Length + 1;

    /// <summary>Calls <paramref name="body"/> once for each chunk, and returns when all have been.</summary>
    /// <param name="chunks">How many.</param>
    /// <param name="body">Takes the chunk and the thread's number, 0 to <see cref="Threads"/> − 1; the caller's is 0.</param>
    /// <remarks>An exception of the body reaches the caller, the first one of several, when all chunks have ended.</remarks>
    public void Run(int chunks, Action<int, int> body)
    {
        if (chunks <= 1 || _threads.Length == 0)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                body(chunk, 0);
            }

            return;
        }

        (_body, _chunks, _unfinished) = (body, chunks, chunks);

        // From here on chunks are taken: what is above is visible to whoever takes one.
        Interlocked.Exchange(ref _untaken, chunks);
        if (Volatile.Read(ref _asleep) > 0)
        {
            lock (_work)
            {
                Monitor.PulseAll(_work);
            }
        }

        while (Take(out var chunk))
        {
            Do(chunk, 0);
        }

        AwaitOthers();
        if (_error is { } error)
        {
            _error = null;
            ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_work)
        {
            _disposed = true;
            Monitor.PulseAll(_work);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Work(int worker)
    {
        while (!_disposed)
        {
            if (Take(out var chunk))
            {
                Do(chunk, worker);
                continue;
            }

            var begun = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _untaken) <= 0 && !_disposed)
            {
                if (Stopwatch.GetTimestamp() - begun > s_spin)
                {
                    Sleep();
                    break;
                }

                Thread.SpinWait(4);
            }
        }
    }

    // Whoever takes a chunk keeps the phase from ending, so what Run has set stays as it is until the chunk is done.
    private bool Take(out int chunk)
    {
        if (Volatile.Read(ref _untaken) > 0)
        {
            var left = Interlocked.Decrement(ref _untaken);
            chunk = _chunks - 1 - left;
            return left >= 0;
        }

        chunk = 0;
        return false;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to the caller.")]
    private void Do(int chunk, int worker)
    {
        try
        {
            _body!(chunk, worker);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, error, null);
        }

        if (Interlocked.Decrement(ref _unfinished) == 0 && Volatile.Read(ref _callerSleeps) != 0)
        {
            lock (_end)
            {
                Monitor.PulseAll(_end);
            }
        }
    }

    // Either this sees new chunks, or Run, which looks afterwards, sees this asleep.
    private void Sleep()
    {
        lock (_work)
        {
            Interlocked.Increment(ref _asleep);
            while (Volatile.Read(ref _untaken) <= 0 && !_disposed)
            {
                Monitor.Wait(_work);
            }

            Interlocked.Decrement(ref _asleep);
        }
    }

    private void AwaitOthers()
    {
        var begun = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _unfinished) > 0)
        {
            if (Stopwatch.GetTimestamp() - begun > s_spin)
            {
                lock (_end)
                {
                    Interlocked.Exchange(ref _callerSleeps, 1);
                    while (Volatile.Read(ref _unfinished) > 0)
                    {
                        Monitor.Wait(_end);
                    }

                    Volatile.Write(ref _callerSleeps, 0);
                }

                return;
            }

            Thread.SpinWait(4);
        }
    }
}
