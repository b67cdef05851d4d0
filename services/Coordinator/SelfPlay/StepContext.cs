using System.Collections.Concurrent;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>What a step needs to know of its run, and how it goes through many problems.</summary>
internal sealed class StepContext
{
    private readonly ConcurrentDictionary<string, ItemMeter> _working = new(StringComparer.Ordinal);
    private readonly ItemStore _items;
    private readonly PlayProgress _progress;
    private readonly long _began;
    private readonly double _secondsBefore;
    private long _tokens;

    /// <summary>Makes the context of one step.</summary>
    public StepContext(
        int number, IPlayStep step, PlayPlan plan, PlayFolder folder, PlayServices services, AdaptersInUse adapters,
        IReadOnlyList<StepRecord> records, ItemStore items, PlayProgress progress)
    {
        (Number, Step, Plan, Folder, Services, Adapters, Records) = (number, step, plan, folder, services, adapters, records);
        (_items, _progress) = (items, progress);
        (_began, _secondsBefore) = (services.Clock.GetTimestamp(), items.SecondsBefore());
    }

    /// <summary>The step's number.</summary>
    public int Number { get; }

    /// <summary>The step.</summary>
    public IPlayStep Step { get; }

    /// <summary>The request.</summary>
    public PlayPlan Plan { get; }

    /// <summary>The run's folder.</summary>
    public PlayFolder Folder { get; }

    /// <summary>The services.</summary>
    public PlayServices Services { get; }

    /// <summary>The adapters in use.</summary>
    public AdaptersInUse Adapters { get; }

    /// <summary>The records of the steps before.</summary>
    public IReadOnlyList<StepRecord> Records { get; }

    /// <summary>Tokens generated in this step, over all tries, for what was kept.</summary>
    public long GeneratedTokens => Interlocked.Read(ref _tokens);

    private double Elapsed => Services.Clock.GetElapsedTime(_began).TotalSeconds;

    /// <summary>A seed of this run's for a purpose.</summary>
    public ulong Seed(params ulong[] purpose) => SplitMix64.Mix(Plan.Settings.Seed, purpose);

    /// <summary>An adapter's absolute folder; empty for the base.</summary>
    public string AdapterPath(string folder) => folder.Length == 0 ? "" : Folder.At(folder);

    /// <summary>Whether a training step made an adapter there.</summary>
    public bool HasAdapter(string folder) => folder.Length > 0 && PlayFolder.AdapterFiles.All(file => File.Exists(Path.Combine(Folder.At(folder), file)));

    /// <summary>Tells where the step stands.</summary>
    public void Report(V1.StepProgress progress)
    {
        progress.Step = Number;
        _progress.Report(progress);
    }

    /// <summary>Seconds that this step has taken, over all tries.</summary>
    public double Seconds => _secondsBefore + Elapsed;

    /// <summary>Notes the time spent, for the case that the step is interrupted.</summary>
    public void KeepSeconds() => _items.KeepSeconds(Seconds);

    /// <summary>
    /// Works on several items at once. What is finished is kept, and is not done again after an interruption; a service
    /// that is away for a while makes the work on an item begin again.
    /// </summary>
    /// <param name="items">The items.</param>
    /// <param name="keyOf">Their names: letters, digits, '-' and '_', all different.</param>
    /// <param name="unit">What one is, for people.</param>
    /// <param name="concurrency">How many at once.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="weightOf">How much work an item is beside the others, for the time left; null where they are alike.</param>
    /// <returns>The results in the order of the items.</returns>
    public async Task<IReadOnlyList<Item<TResult>>> ForEachAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<TItem, string> keyOf, string unit, int concurrency,
        Func<TItem, ItemMeter, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken,
        Func<TItem, double>? weightOf = null)
        where TResult : class
    {
        var weights = items.Select(item => weightOf?.Invoke(item) ?? 1).ToList();
        var results = new Item<TResult>?[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            results[i] = _items.Find<TResult>(keyOf(items[i]));
            Interlocked.Add(ref _tokens, results[i]?.GeneratedTokens ?? 0);
        }

        var done = results.Count(result => result is not null);
        var toDo = weights.Where((_, i) => results[i] is null).Sum();
        var workedOff = 0.0;
        ReportItems("");
        var keeping = new Lock();
        await Parallel.ForAsync(
            0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                if (results[i] is not null)
                {
                    return;
                }

                var key = keyOf(items[i]);
                var began = Services.Clock.GetTimestamp();
                var meter = new ItemMeter(weights[i], () => ReportItems(key));
                _working[key] = meter;
                var result = await Services.Outages.RunAsync(async attempt => await work(items[i], meter, attempt), token);
                results[i] = new Item<TResult>(key, meter.Tokens, Services.Clock.GetElapsedTime(began).TotalSeconds, result);
                lock (keeping)
                {
                    _items.Keep(results[i]!);
                    KeepSeconds();
                    _working.TryRemove(key, out _);
                    Interlocked.Add(ref _tokens, meter.Tokens);
                    done++;
                    Volatile.Write(ref workedOff, workedOff + weights[i]);
                }

                ReportItems(key);
            });
        return results!;

        void ReportItems(string key)
        {
            var working = _working.Values.ToList();
            var share = toDo > 0 ? (Volatile.Read(ref workedOff) + working.Sum(meter => meter.Done)) / toDo : 1;
            Report(new V1.StepProgress
            {
                Done = Volatile.Read(ref done),
                Total = items.Count,
                Unit = unit,
                Item = key,
                GeneratedTokens = GeneratedTokens + working.Sum(meter => meter.Tokens),
                TokensPerSecond = working.Sum(meter => meter.Rate),
                SecondsLeft = share > 0 ? Elapsed * Math.Max(0, 1 - share) / share : 0,
            });
        }
    }
}
