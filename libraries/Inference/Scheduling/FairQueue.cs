namespace O1Coder.Inference.Scheduling;

/// <summary>
/// Everything that wants a turn: a request that waits, bounded in number, and one whose prompt is open and that has sequences
/// yet to start. A turn is one sequence started, or one text scored. Higher priorities go first; within one, callers take
/// turns, whoever took one going behind the others (round robin); within a caller, requests go in the order in which they
/// came, but one that has taken several turns goes behind the others (deficit round robin, Shreedhar and Varghese 1995). A
/// lower priority that was passed over <see cref="Patience"/> times takes the next turn, so that it starves for no longer than
/// that. Safe for concurrent callers.
/// </summary>
/// <param name="length">Requests that wait at most.</param>
internal sealed class FairQueue(int length)
{
    /// <summary>Turns that higher priorities take at most between two of a lower one.</summary>
    public const int Patience = 16;

    /// <summary>Turns that a request takes before others of its caller.</summary>
    public const int TurnsInARow = 4;

    private readonly object _gate = new();
    private readonly PriorityLevel[] _levels = [new(0), new(1), new(2)];
    private readonly RetryEstimate _estimate = new();
    private int _waiting;
    private long _clock;
    private bool _closed;
    private bool _woken;

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

    /// <summary>Requests that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Puts a request at the end of its caller's line.</summary>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(Job job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IInferenceEngine));
            if (_waiting >= length)
            {
                var retry = _estimate.Refuse();
                throw new EngineBusyException(
                    $"the engine's queue is full: {length} requests are waiting; try again in {retry.TotalSeconds:0.##} s", retry);
            }

            var level = _levels[(int)RequestPriority.High - (int)job.Ticket.Priority];
            var caller = job.Ticket.Caller ?? "";
            if (!level.ByName.TryGetValue(caller, out var line))
            {
                line = new CallerLine(caller, level) { Turn = ++_clock };
                level.ByName.Add(caller, line);
                level.Lines.AddLast(line.Node);
            }

            job.Place = new QueuePlace(job, line) { Order = ++_clock };
            line.Jobs.AddLast(job.Place.Node);
            _waiting++;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until a request waits, or for <see cref="Wake"/>.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (!_closed && !_woken && _waiting == 0)
            {
                Monitor.Wait(_gate);
            }

            _woken = false;
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

    /// <summary>The request that should be prefilled next, or null. It stays where it is.</summary>
    public Job? Next()
    {
        lock (_gate)
        {
            if (_waiting == 0)
            {
                return null;
            }

            Job? next = null;
            foreach (var level in _levels)
            {
                if (NextOf(level) is { } job && (next is null || RankOf(level) < RankOf(next.Place!.Line.Level)))
                {
                    next = job;
                }
            }

            return next;
        }
    }

    /// <summary>A request that waits gets its prompt opened.</summary>
    /// <returns>False when it was taken back meanwhile.</returns>
    public bool Open(Job job)
    {
        lock (_gate)
        {
            if (job.Place is not { Waits: true } place)
            {
                return false;
            }

            place.Waits = false;
            place.Line.Open++;
            _estimate.Left(othersWait: --_waiting > 0);
            return true;
        }
    }

    /// <summary>A request's prompt is closed though it wants more turns: it waits again, where it stood.</summary>
    public void Park(Job job)
    {
        lock (_gate)
        {
            job.Place!.Waits = true;
            job.Place.Line.Open--;
            _waiting++;
        }
    }

    /// <summary>Whether one of two requests goes before the other.</summary>
    public bool Before(Job job, Job other)
    {
        lock (_gate)
        {
            var (place, than) = (job.Place!, other.Place!);
            var (rank, otherRank) = (RankOf(place.Line.Level), RankOf(than.Line.Level));
            return rank != otherRank ? rank < otherRank
                : place.Line != than.Line ? place.Line.Turn < than.Line.Turn
                : place.Order < than.Order;
        }
    }

    /// <summary>A request takes a turn.</summary>
    public void TakeTurn(Job job)
    {
        lock (_gate)
        {
            var place = job.Place!;
            var (line, level) = (place.Line, place.Line.Level);
            foreach (var lower in _levels)
            {
                if (lower.Rank > level.Rank && lower.Lines.Count > 0)
                {
                    lower.Passed++;
                }
            }

            level.Passed = 0;
            line.Turn = ++_clock;
            level.Lines.Remove(line.Node);
            level.Lines.AddLast(line.Node);
            if (++place.Turns % TurnsInARow == 0)
            {
                place.Order = ++_clock;
                line.Jobs.Remove(place.Node);
                line.Jobs.AddLast(place.Node);
            }
        }
    }

    /// <summary>A request wants nothing more, or is taken back. It may have left before.</summary>
    public void Leave(Job job)
    {
        lock (_gate)
        {
            if (job.Place is not { } place)
            {
                return;
            }

            job.Place = null;
            var line = place.Line;
            line.Jobs.Remove(place.Node);
            if (place.Waits)
            {
                _estimate.Left(othersWait: --_waiting > 0);
            }
            else
            {
                line.Open--;
            }

            if (line.Jobs.Count == 0)
            {
                line.Level.Lines.Remove(line.Node);
                line.Level.ByName.Remove(line.Name);
                line.Level.Passed = line.Level.Lines.Count == 0 ? 0 : line.Level.Passed;
            }
        }
    }

    /// <summary>Takes a request back if it waits; whether it did.</summary>
    public bool Remove(Job job)
    {
        lock (_gate)
        {
            if (job.Place is not { Waits: true })
            {
                return false;
            }

            Leave(job);
            return true;
        }
    }

    /// <summary>Whether a request that is here uses an adapter.</summary>
    public bool Uses(ServedAdapter adapter)
    {
        lock (_gate)
        {
            return All().Any(job => job.Adapter == adapter);
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

    /// <summary>What is still here, after closing.</summary>
    public IReadOnlyList<Job> Rest()
    {
        lock (_gate)
        {
            return [.. All()];
        }
    }

    private IEnumerable<Job> All() => _levels.SelectMany(level => level.Lines).SelectMany(line => line.Jobs);

    // Those that were passed over often enough go before the others.
    private int RankOf(PriorityLevel level) => level.Passed >= Patience ? level.Rank - _levels.Length : level.Rank;

    // Callers that have nothing open first: those that have are about to take their turns.
    private static Job? NextOf(PriorityLevel level)
    {
        Job? second = null;
        foreach (var line in level.Lines)
        {
            if (line.Open == line.Jobs.Count)
            {
                continue;
            }

            if (second is null || line.Open == 0)
            {
                var waits = FirstWaiting(line);
                if (line.Open == 0)
                {
                    return waits;
                }

                second = waits;
            }
        }

        return second;
    }

    private static Job? FirstWaiting(CallerLine line)
    {
        var node = line.Jobs.First;
        while (node is { Value.Place.Waits: false })
        {
            node = node.Next;
        }

        return node?.Value;
    }
}
