using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Threads that share a phase's chunks out among themselves. Each begins with neighbouring chunks of its own, so that it reads
/// memory in order, and takes the others' last ones when it has none left. The caller takes part, and waits for chunks that
/// were taken, never for threads: one that the system does not run holds up what it has begun and no more. Waiting threads
/// spin for some microseconds and then sleep. One caller at a time.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // What waking a thread takes; phases of a step follow each other sooner than that.
    private static readonly long s_spin = Stopwatch.Frequency / 50_000;

    private readonly Thread[] _threads;
    private readonly Share[] _shares;
    private readonly object _work = new();
    private readonly object _end = new();
    private Action<int, int>? _body;
    private Exception? _error;
    private int _phase;
    private int _unfinished;
    private int _asleep;
    private int _callerSleeps;
    private long _waited;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">All of them, the caller included.</param>
    public WorkerTeam(int threads)
    {
        _shares = new Share[threads];
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { Name = $"inference {worker}", IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>Threads, the caller included.</summary>
    public int Threads => _shares.Length;

    /// <summary>Whether the caller computes everything itself; the other threads sleep then.</summary>
    public bool Alone { get; set; }

    /// <summary>How long the caller has slept so far because of chunks that others had taken.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, _waited);

    /// <summary>Calls <paramref name="body"/> once for each chunk, and returns when all have been.</summary>
    /// <param name="chunks">How many.</param>
    /// <param name="body">Takes the chunk and the thread's number, 0 to <see cref="Threads"/> − 1; the caller's is 0.</param>
    /// <remarks>An exception of the body reaches the caller, the first one of several, when all chunks have ended.</remarks>
    public void Run(int chunks, Action<int, int> body)
    {
        if (chunks <= 1 || _threads.Length == 0 || Alone)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                body(chunk, 0);
            }

            return;
        }

        (_body, _unfinished) = (body, chunks);

        // From here on chunks are taken: what is above is visible to whoever takes one.
        for (var i = 0; i < _shares.Length; i++)
        {
            Volatile.Write(ref _shares[i].Range, Pack((int)((long)chunks * i / Threads), (int)((long)chunks * (i + 1) / Threads)));
        }

        Interlocked.Increment(ref _phase);
        if (Volatile.Read(ref _asleep) > 0)
        {
            lock (_work)
            {
                Monitor.PulseAll(_work);
            }
        }

        TakePart(0);
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

    private static long Pack(int begin, int end) => ((long)end << 32) | (uint)begin;

    private void Work(int worker)
    {
        while (!_disposed)
        {
            // Read before chunks are looked for: those of a phase that begins meanwhile are not missed.
            var phase = Volatile.Read(ref _phase);
            if (!TakePart(worker))
            {
                AwaitPhase(phase);
            }
        }
    }

    // Whoever takes a chunk keeps the phase from ending, so what Run has set stays as it is until the chunk is done.
    private bool TakePart(int worker)
    {
        var done = 0;
        for (; Take(worker, out var chunk); done++)
        {
            Do(chunk, worker);
        }

        if (done > 0 && Interlocked.Add(ref _unfinished, -done) == 0 && Volatile.Read(ref _callerSleeps) != 0)
        {
            lock (_end)
            {
                Monitor.PulseAll(_end);
            }
        }

        return done > 0;
    }

    private bool Take(int worker, out int chunk)
    {
        for (var i = 0; i < _shares.Length; i++)
        {
            ref var range = ref _shares[(worker + i) % _shares.Length].Range;
            var known = Volatile.Read(ref range);
            while ((int)known < (int)(known >> 32))
            {
                var (begin, end) = ((int)known, (int)(known >> 32));
                var left = i == 0 ? Pack(begin + 1, end) : Pack(begin, end - 1);
                var found = Interlocked.CompareExchange(ref range, left, known);
                if (found == known)
                {
                    chunk = i == 0 ? begin : end - 1;
                    return true;
                }

                known = found;
            }
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
    }

    // Either this sees the new phase, or Run, which looks afterwards, sees this asleep.
    private void AwaitPhase(int phase)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _phase) == phase && !_disposed)
        {
            if (Stopwatch.GetTimestamp() - begun > s_spin)
            {
                lock (_work)
                {
                    Interlocked.Increment(ref _asleep);
                    while (Volatile.Read(ref _phase) == phase && !_disposed)
                    {
                        Monitor.Wait(_work);
                    }

                    Interlocked.Decrement(ref _asleep);
                }

                return;
            }

            Thread.SpinWait(1);
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

                _waited += Stopwatch.GetTimestamp() - begun;
                return;
            }

            Thread.SpinWait(1);
        }
    }

    // The chunks from Begin (lower half) to End (upper half) that a thread has left: it takes the first one, others the last.
    // Far enough from the next thread's that taking one does not disturb it.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        [FieldOffset(64)]
        public long Range;
    }
}
