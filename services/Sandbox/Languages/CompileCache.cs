using System.Globalization;

namespace O1Coder.Sandbox.Languages;

/// <summary>
/// Compiled programs by what they were made of, bounded in bytes; the one that was not used for longest goes first. What
/// several ask for at once is compiled once.
/// </summary>
/// <param name="folder">A folder of its own.</param>
/// <param name="mostBytes">The bound. Programs in use stay even beyond it.</param>
internal sealed class CompileCache(string folder, long mostBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, CacheEntry Entry)>> _entries = [];
    private readonly LinkedList<(string Key, CacheEntry Entry)> _byUse = new();
    private readonly Dictionary<string, Flight> _flights = [];
    private long _bytes;
    private long _made;

    /// <summary>Bytes of what may be found again.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>The program of a key, from the cache, from a compilation under way, or from one that is started.</summary>
    /// <param name="key">The hash of all that the program is made of.</param>
    /// <param name="compile">Compiles; its token is cancelled when nobody waits any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<CompiledProgram> GetAsync(
        string key, Func<CancellationToken, Task<CompileOutcome>> compile, CancellationToken cancellationToken)
    {
        if (Take(key) is { } known)
        {
            if (known.IsIntact())
            {
                return Lease(known, isCached: true);
            }

            Forget(key, known);
            Release(known);
        }

        var flight = Join(key, compile, out var isFirst);
        try
        {
            var entry = await flight.Task.WaitAsync(cancellationToken);
            Use(entry);
            return Lease(entry, !isFirst);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private CompiledProgram Lease(CacheEntry entry, bool isCached) => new(entry, isCached, () => Release(entry));

    private CacheEntry? Take(string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            node.Value.Entry.Users++;
            return node.Value.Entry;
        }
    }

    private void Use(CacheEntry entry)
    {
        lock (_gate)
        {
            entry.Users++;
        }
    }

    private void Release(CacheEntry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0 && !entry.IsKept)
            {
                entry.Remove();
            }
        }
    }

    private void Forget(string key, CacheEntry entry)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var node) && node.Value.Entry == entry)
            {
                Drop(node);
            }
        }
    }

    private Flight Join(string key, Func<CancellationToken, Task<CompileOutcome>> compile, out bool isFirst)
    {
        lock (_gate)
        {
            isFirst = !_flights.TryGetValue(key, out var flight);
            if (flight is null)
            {
                flight = new Flight();
                _flights[key] = flight;
                var cancelled = flight.Cancellation.Token;
                flight.Task = Task.Run(async () => Add(key, await compile(cancelled)), CancellationToken.None);
            }

            flight.Waiting++;
            return flight;
        }
    }

    private void Leave(string key, Flight flight)
    {
        lock (_gate)
        {
            if (--flight.Waiting > 0)
            {
                return;
            }

            _flights.Remove(key);
        }

        if (flight.Task.IsCompletedSuccessfully)
        {
            Release(flight.Task.Result);
            flight.Cancellation.Dispose();
            return;
        }

        // Nobody waits: the box ends, and what it came to all the same is let go.
        flight.Cancellation.Cancel();
        _ = flight.Task.ContinueWith(task =>
        {
            if (task.IsCompletedSuccessfully)
            {
                Release(task.Result);
            }

            _ = task.Exception; // it was told to those who waited, where there were any
            flight.Cancellation.Dispose();
        }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private CacheEntry Add(string key, CompileOutcome outcome)
    {
        // A number of its own: the one before may still be in use, or be found to hold other bytes.
        var entry = CacheEntry.Write(outcome, Path.Combine(folder, Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture)));
        lock (_gate)
        {
            entry.Users = 1; // the flight's
            if (!outcome.IsFinal)
            {
                return entry;
            }

            if (_entries.TryGetValue(key, out var old))
            {
                Drop(old);
            }

            _entries[key] = _byUse.AddLast((key, entry));
            (_bytes, entry.IsKept) = (_bytes + entry.Bytes, true);
            while (_bytes > mostBytes && _byUse.First is { } oldest)
            {
                Drop(oldest);
            }

            return entry;
        }
    }

    private void Drop(LinkedListNode<(string Key, CacheEntry Entry)> node)
    {
        var (key, entry) = node.Value;
        _byUse.Remove(node);
        _entries.Remove(key);
        (_bytes, entry.IsKept) = (_bytes - entry.Bytes, false);
        if (entry.Users == 0)
        {
            entry.Remove();
        }
    }

    private sealed class Flight
    {
        public Task<CacheEntry> Task { get; set; } = null!;

        public CancellationTokenSource Cancellation { get; } = new();

        public int Waiting { get; set; }
    }
}
