using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;
using O1Coder.Models;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// Runs all requests on one thread by continuous batching (Orca, Yu et al., OSDI 2022). Each turn of its loop is one step of
/// the back end: a token of every running sequence, or several that were guessed, and beside them at most one chunk of one
/// prompt, so that decoding never waits longer than a chunk takes (Sarathi, Agrawal et al. 2023, arXiv 2308.16369). Which
/// prompt, and which sequences start when places are free, <see cref="FairQueue"/> says; sequences join and leave between
/// tokens.
/// </summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private readonly FairQueue _queue;
    private readonly IBackend _backend;
    private readonly PrefixCache _cache;
    private readonly PromptTable _prompts;
    private readonly StepRunner _steps;
    private readonly List<RunningSequence> _running = [];
    private readonly ConcurrentQueue<ServedAdapter> _retiring = [];
    private readonly ConcurrentQueue<Job> _changed = [];
    private readonly ErrandQueue _errands = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _retired;

    // Written by the engine's thread alone, read by whoever asks.
    private long _busy;
    private long _turns;
    private long _sequenceTurns;
    private int _runningNow;

    /// <summary>Starts the thread. The scheduler owns the back end from here on.</summary>
    public Scheduler(IBackend backend, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, EngineOptions options)
    {
        _backend = backend;
        _queue = new FairQueue(options.QueueLength);
        _cache = new PrefixCache(backend, options.PrefixCacheBytes);
        _prompts = new PromptTable(_queue, backend, _cache, keepsParts: options.PrefixCacheBytes > 0);
        _steps = new StepRunner(backend, _cache, _prompts, _queue, tokenizer, endOfTurn);
        new Thread(Loop) { Name = "inference", IsBackground = true }.Start();
    }

    /// <summary>What was done so far.</summary>
    public EngineLoad Load => new(
        Stopwatch.GetElapsedTime(0, Volatile.Read(ref _busy)), Volatile.Read(ref _turns), Volatile.Read(ref _sequenceTurns),
        Volatile.Read(ref _runningNow), _backend.MaxSequences, _queue.Waiting);

    /// <summary>Puts a request into the queue.</summary>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The engine has been disposed.</exception>
    public void Submit(Job job)
    {
        _queue.Add(job);
        _changed.Enqueue(job);
    }

    /// <summary>Does something with the prefix cache on the engine's thread, between steps.</summary>
    /// <exception cref="ObjectDisposedException">The engine has been disposed.</exception>
    public Task<T> AskAsync<T>(Func<PrefixCache, T> errand)
    {
        var result = _errands.AddAsync(() => errand(_cache));
        _queue.Wake();
        return result;
    }

    /// <summary>Takes a request back, whatever has become of it; its places are free within a turn.</summary>
    public void Cancel(Job job)
    {
        job.Cancel();
        _queue.Remove(job);
        _changed.Enqueue(job);

        // It may have been the last that used a retired adapter, while there is nothing else to do.
        if (Volatile.Read(ref _retired) > 0)
        {
            _queue.Wake();
        }
    }

    /// <summary>
    /// Frees an adapter as soon as no request uses it any more. None that does may be submitted from here on.
    /// </summary>
    public void Retire(ServedAdapter adapter)
    {
        Interlocked.Increment(ref _retired);
        _retiring.Enqueue(adapter);
        _queue.Wake();
    }

    /// <summary>Ends what runs and frees the back end.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
    }

    private void Loop()
    {
        while (WaitForWork())
        {
            Turn();
            if (!_retiring.IsEmpty)
            {
                Release();
            }

            _errands.Run();
        }

        var error = new ObjectDisposedException(nameof(IInferenceEngine), "the engine was disposed while the request ran");
        foreach (var sequence in _running)
        {
            sequence.Job.Fail(error);
        }

        // Open prompts are among them.
        foreach (var job in _queue.Rest())
        {
            job.Fail(error);
        }

        _errands.Close(error);
        _cache.Dispose();
        _backend.Dispose();
        _ended.SetResult();
    }

    // Sleeps while there is nothing to do. False when the engine ends.
    private bool WaitForWork()
    {
        if (_running.Count == 0 && _prompts.Count == 0)
        {
            _queue.Wait();
        }

        return !_queue.Closed;
    }

    private void Turn()
    {
        var began = Stopwatch.GetTimestamp();
        Sweep();
        Claim();
        Admit();
        _steps.Start(_running);
        var batch = _running.Count;
        if (batch > 0 || _prompts.Count > 0)
        {
            Volatile.Write(ref _runningNow, batch);
            _steps.Step(_running);
            Volatile.Write(ref _busy, _busy + Stopwatch.GetTimestamp() - began);
            Volatile.Write(ref _turns, _turns + 1);
            Volatile.Write(ref _sequenceTurns, _sequenceTurns + batch);
        }

        Volatile.Write(ref _runningNow, _running.Count);
    }

    // Frees the places of those whom nobody waits for.
    private void Sweep()
    {
        _prompts.Sweep();
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Job.Cancelled)
            {
                _backend.Close(_running[i].State!);
                _running.RemoveAt(i);
            }
        }
    }

    // What a request will begin with stays in the cache while it waits and runs; a request that ended meanwhile lets it go.
    private void Claim()
    {
        while (_changed.TryDequeue(out var job))
        {
            job.Hold(job.Cancelled ? null : job.Claim ?? _cache.Claim(job.Path, job.Adapter?.Prepared));
        }
    }

    // Loading a prefix can fail, and then that request alone does.
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private void Admit()
    {
        while (_prompts.Choose() is { } job)
        {
            try
            {
                if (_prompts.Open(job))
                {
                    return;
                }
            }
            catch (Exception error)
            {
                job.Fail(error);
                job.Cancel();
                _prompts.Sweep();
                _queue.Leave(job);
            }
        }
    }

    // Frees retired adapters that nobody uses any more. The others stay queued, so that this looks at them again.
    private void Release()
    {
        for (var left = _retiring.Count; left > 0 && _retiring.TryDequeue(out var adapter); left--)
        {
            if (_queue.Uses(adapter) || _running.Exists(sequence => sequence.Job.Adapter == adapter))
            {
                _retiring.Enqueue(adapter);
            }
            else
            {
                _cache.Drop(adapter.Prepared);
                _backend.Release(adapter.Prepared);
                Interlocked.Decrement(ref _retired);
            }
        }
    }
}
