using System.Runtime.CompilerServices;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Sampling.Constraints;
using O1Coder.Inference.Scheduling;
using O1Coder.Models;

namespace O1Coder.Inference;

/// <summary>The engine over any back end.</summary>
internal sealed class InferenceEngine : IInferenceEngine, IPrefixStore
{
    private readonly Scheduler _scheduler;
    private readonly IBackend _backend;
    private readonly EngineOptions _options;
    private readonly int _vocabulary;
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<int> _endOfTurn;
    private readonly ConstraintCache _constraints;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServedAdapter> _adapters = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _adding = new(1);
    private readonly PrefixArchive _archive;

    /// <summary>Starts the engine, which owns the back end from here on.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="tokenizer">Spells tokens.</param>
    /// <param name="endOfTurn">Tokens that end an answer.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="loadTime">What loading took.</param>
    /// <param name="modelHash">What tells the weights from others, asked when a prefix is saved or loaded; null if that is not done.</param>
    public InferenceEngine(
        IBackend backend,
        ITokenizer tokenizer,
        IReadOnlyList<int> endOfTurn,
        EngineOptions options,
        TimeSpan loadTime,
        Func<string>? modelHash = null)
    {
        (_backend, _options, _vocabulary) = (backend, options, backend.VocabularySize);
        (_tokenizer, _endOfTurn) = (tokenizer, endOfTurn);
        _constraints = new ConstraintCache(() => new VocabularyTrie(tokenizer, endOfTurn, backend.VocabularySize));
        Description = new EngineDescription
        {
            Backend = backend.Name,
            Precision = backend.Precision,
            Threads = options.Threads,
            ContextLength = backend.ContextLength,
            MaxSequences = backend.MaxSequences,
            LoadTime = loadTime,
        };
        _scheduler = new Scheduler(backend, tokenizer, endOfTurn, options);
        _archive = new PrefixArchive(_scheduler, backend, modelHash);
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<LoadedAdapter> Adapters
    {
        get
        {
            lock (_gate)
            {
                return [.. _adapters.Values.Select(adapter => adapter.Loaded).OrderBy(loaded => loaded.Version, StringComparer.Ordinal)];
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentChecks.Check(request, _vocabulary, Description.ContextLength, _endOfTurn);
        cancellationToken.ThrowIfCancellationRequested();
        var constraint = Constrain(request);
        var job = Submit(request.Adapter, adapter => new GenerateJob(request, adapter, constraint, _vocabulary));
        try
        {
            using var wake = cancellationToken.UnsafeRegister(static events => ((AnswerStream)events!).Wake(), job.Events);
            var gathered = new List<GenerationEvent>();
            while (job.Events.Take(gathered))
            {
                foreach (var happened in gathered)
                {
                    yield return happened;
                }

                gathered.Clear();
                await job.Events.WaitAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _scheduler.Cancel(job);
        }
    }

    /// <inheritdoc/>
    public async Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt,
        ReadOnlyMemory<int> continuation,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken)
    {
        ArgumentChecks.Check(prompt.Span, continuation.Span, _vocabulary, Description.ContextLength);
        ArgumentChecks.Check(ticket);
        cancellationToken.ThrowIfCancellationRequested();
        var job = Submit(adapter, served => new ScoreJob(prompt.Span, continuation.Span, served, ticket));
        return await ResultAsync(job, job.Result, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<float[][]> ScoreLabelsAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        IReadOnlyList<int> labels,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken)
    {
        ArgumentChecks.Check(tokens.Span, positions, labels, _vocabulary, Description.ContextLength);
        ArgumentChecks.Check(ticket);
        cancellationToken.ThrowIfCancellationRequested();
        var job = Submit(adapter, served => new LabelJob(tokens.Span, [.. positions], [.. labels], served, ticket));
        return await ResultAsync(job, job.Result, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<float[][]> HiddenStatesAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken)
    {
        ArgumentChecks.Check(tokens.Span, positions, _vocabulary, Description.ContextLength);
        ArgumentChecks.Check(ticket);
        cancellationToken.ThrowIfCancellationRequested();
        var job = Submit(adapter, served => new HiddenJob(tokens.Span, [.. positions], served, ticket));
        return await ResultAsync(job, job.Result, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LoadedAdapter> AddAdapterAsync(
        LoraAdapter adapter, string? replacing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        if (string.IsNullOrEmpty(adapter.Version))
        {
            throw ArgumentChecks.Wrong(nameof(adapter), "the adapter has no version: expected one that was read from files");
        }

        // One after another: the limits are looked at before the work is done.
        await _adding.WaitAsync(cancellationToken);
        try
        {
            if (Served(adapter.Version, replacing, out var bytes) is { } served)
            {
                return served.Loaded;
            }

            var added = await Task.Run(() => Prepare(adapter, bytes), CancellationToken.None);
            lock (_gate)
            {
                _adapters.Add(adapter.Version, added);
            }

            return added.Loaded;
        }
        finally
        {
            _adding.Release();
        }
    }

    /// <inheritdoc/>
    public bool RemoveAdapter(string version)
    {
        lock (_gate)
        {
            if (!_adapters.Remove(version, out var adapter))
            {
                return false;
            }

            // Whoever was accepted before is in the queue, staged or running now.
            _scheduler.Retire(adapter);
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HotPrefix>> HotPrefixesAsync(long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentChecks.InRange(maxBytes, 0, long.MaxValue, nameof(maxBytes));
        var hottest = await _archive.HottestAsync(maxBytes, cancellationToken);
        lock (_gate)
        {
            // An adapter that was removed meanwhile has no prefixes any more.
            var versions = _adapters.Values.ToDictionary(served => served.Prepared, served => served.Loaded.Version);
            return [.. hottest.Where(one => one.Adapter is null || versions.ContainsKey(one.Adapter))
                .Select(one => new HotPrefix(one.Tokens, one.Adapter is null ? null : versions[one.Adapter]))];
        }
    }

    /// <inheritdoc/>
    public Task<int> SavePrefixAsync(ReadOnlyMemory<int> tokens, string? adapter, string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentChecks.Check(tokens.Span, [0], _vocabulary, Description.ContextLength);
        return _archive.SaveAsync(tokens, adapter, path, Find, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> LoadPrefixAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _archive.LoadAsync(path, Find, cancellationToken);
    }

    /// <inheritdoc/>
    public EngineLoad? Load => _scheduler.Load;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    // Finding the adapter and queueing are one step, so that no request is accepted after its adapter was removed.
    private T Submit<T>(string? version, Func<ServedAdapter?, T> make)
        where T : Job
    {
        lock (_gate)
        {
            ServedAdapter? adapter = null;
            if (version is not null && !_adapters.TryGetValue(version, out adapter))
            {
                throw new AdapterNotLoadedException(version);
            }

            var job = make(adapter);
            _scheduler.Submit(job);
            return job;
        }
    }

    // Where sequences stand in the constraint behind the forced prefix.
    private ConstraintCursor? Constrain(GenerationRequest request)
    {
        if (request.Sampling.Constraint is null)
        {
            return null;
        }

        var cursor = _constraints.Begin(request.Sampling.Constraint);
        for (var i = 0; i < request.ForcedPrefix.Length; i++)
        {
            if (!cursor.TryAdvance(_tokenizer.TokenBytes(request.ForcedPrefix.Span[i]).Span))
            {
                throw ArgumentChecks.Wrong(
                    nameof(request.ForcedPrefix),
                    $"{nameof(request.ForcedPrefix)}[{i}] is {request.ForcedPrefix.Span[i]}: expected tokens that the constraint allows");
            }
        }

        return cursor;
    }

    private ServedAdapter Find(string version)
    {
        lock (_gate)
        {
            return _adapters.TryGetValue(version, out var adapter) ? adapter : throw new AdapterNotLoadedException(version);
        }
    }

    private async Task<T> ResultAsync<T>(Job job, Task<T> result, CancellationToken cancellationToken)
    {
        try
        {
            return await result.WaitAsync(cancellationToken);
        }
        finally
        {
            _scheduler.Cancel(job);
        }
    }

    // The adapter if it is served already; otherwise checks that there is room for one more.
    private ServedAdapter? Served(string version, string? replacing, out long bytes)
    {
        lock (_gate)
        {
            bytes = 0;
            if (_adapters.TryGetValue(version, out var served))
            {
                return served;
            }

            var others = _adapters.Values.Where(other => other.Loaded.Version != replacing).ToArray();
            if (others.Length >= _options.MaxAdapters)
            {
                throw new AdapterLimitException($"{others.Length} adapters are loaded: expected fewer than {_options.MaxAdapters}; unload one");
            }

            bytes = others.Sum(other => other.Loaded.Bytes);
            return null;
        }
    }

    private ServedAdapter Prepare(LoraAdapter adapter, long others)
    {
        var bytes = _backend.AdapterBytes(adapter);
        if (others + bytes > _options.MaxAdapterBytes)
        {
            throw new AdapterLimitException(
                $"the adapter takes {bytes} bytes beside {others} of others: expected at most {_options.MaxAdapterBytes} together; unload one");
        }

        return new ServedAdapter(new LoadedAdapter(adapter.Version, adapter.Rank, bytes), _backend.Prepare(adapter));
    }
}
