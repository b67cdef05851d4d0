namespace O1Coder.Coordinator;

/// <summary>Counts what a search costs while it runs. Safe for concurrent callers.</summary>
internal sealed class ProgressMeter(TimeProvider clock)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly Queue<(TimeSpan At, long Tokens, TimeSpan Busy)> _past = new();
    private readonly List<string> _activities = [];
    private long _generated;
    private long _prompt;
    private long _cachedPrompt;
    private int _generating;
    private TimeSpan _busy;
    private TimeSpan _busySince;

    /// <summary>Time since the search began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Says what the search is doing until the result is disposed of.</summary>
    public IDisposable Doing(string activity)
    {
        lock (_lock)
        {
            _activities.Add(activity);
        }

        return new Ending(() =>
        {
            lock (_lock)
            {
                _activities.Remove(activity);
            }
        });
    }

    /// <summary>Counts time as generating until the result is disposed of.</summary>
    public IDisposable Generating()
    {
        lock (_lock)
        {
            if (_generating++ == 0)
            {
                _busySince = Elapsed;
            }
        }

        return new Ending(() =>
        {
            lock (_lock)
            {
                if (--_generating == 0)
                {
                    _busy += Elapsed - _busySince;
                }
            }
        });
    }

    /// <summary>Counts tokens that the model wrote just now.</summary>
    public void AddGenerated(int tokens) => Interlocked.Add(ref _generated, tokens);

    /// <summary>Counts prompt tokens asked for, and those found in the prefix cache.</summary>
    public void AddPrompt(int asked, int cached)
    {
        Interlocked.Add(ref _prompt, asked);
        Interlocked.Add(ref _cachedPrompt, cached);
    }

    /// <summary>Fills in the cost: rate over the last seconds of generating.</summary>
    public void Fill(V1.SearchProgress progress) => Fill(progress, overall: false);

    /// <summary>Fills in the cost: rate over the whole search's generating.</summary>
    public void FillTotals(V1.SearchProgress progress) => Fill(progress, overall: true);

    private void Fill(V1.SearchProgress progress, bool overall)
    {
        lock (_lock)
        {
            var now = Elapsed;
            var busy = _busy + (_generating > 0 ? now - _busySince : TimeSpan.Zero);
            var generated = Interlocked.Read(ref _generated);
            var since = overall || _past.Count == 0 ? default : _past.Peek();
            if (!overall)
            {
                _past.Enqueue((now, generated, busy));
                while (_past.Count > 1 && now - _past.Peek().At > s_window)
                {
                    _past.Dequeue();
                }
            }

            var seconds = (busy - since.Busy).TotalSeconds;
            progress.GeneratedTokens = generated;
            progress.TokensPerSecond = seconds > 0 ? (generated - since.Tokens) / seconds : 0;
            progress.PromptTokens = Interlocked.Read(ref _prompt);
            progress.CachedPromptTokens = Interlocked.Read(ref _cachedPrompt);
            progress.Seconds = now.TotalSeconds;
            progress.Activity = _activities.Count == 0 ? "" : _activities[^1];
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
