namespace O1Coder.Inference.Scheduling;

/// <summary>Requests that wait, in the order in which they came; bounded. Safe for concurrent callers.</summary>
internal sealed class JobQueue(int length)
{
    private readonly object _gate = new();
    private readonly LinkedList<Job> _jobs = [];
    private bool _closed;
    private bool _woken;

    /// <summary>Puts a request at the end.</summary>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(Job job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IInferenceEngine));
            if (_jobs.Count >= length)
            {
                throw new EngineBusyException($"the engine's queue is full: {length} requests are waiting; try again later", TimeSpan.FromSeconds(1));
            }

            _jobs.AddLast(job);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes a request back if it still waits.</summary>
    public void Remove(Job job)
    {
        lock (_gate)
        {
            _jobs.Remove(job);
        }
    }

    /// <summary>Takes the first request if there is one.</summary>
    /// <param name="wait">Whether to wait for one, or for <see cref="Wake"/>.</param>
    /// <param name="job">The request, or null.</param>
    /// <returns>False when the queue is closed.</returns>
    public bool Take(bool wait, out Job? job)
    {
        lock (_gate)
        {
            while (wait && !_closed && !_woken && _jobs.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            _woken = false;
            job = _closed ? null : _jobs.First?.Value;
            if (job is not null)
            {
                _jobs.RemoveFirst();
            }

            return !_closed;
        }
    }

    /// <summary>Ends a wait for requests, though there is none: something else is to be done.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Whether a request that waits uses an adapter.</summary>
    public bool Uses(ServedAdapter adapter)
    {
        lock (_gate)
        {
            return _jobs.Any(job => job.Adapter == adapter);
        }
    }

    /// <summary>Refuses whatever comes from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Whether the queue is closed.</summary>
    public bool Closed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>What still waits, after closing.</summary>
    public IReadOnlyList<Job> Rest()
    {
        lock (_gate)
        {
            return [.. _jobs];
        }
    }
}
