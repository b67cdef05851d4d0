using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;
using O1Coder.Inference.Sampling;
using O1Coder.Models;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// Runs all requests on one thread by continuous batching (Orca, Yu et al., OSDI 2022): each turn prefills at most one
/// chunk of the request at the queue's head, then decodes one token of every running sequence, those of one adapter in
/// one batch, one adapter after another, so that none waits longer than the others' batches take. Requests are served
/// in the order in which they came; sequences join and leave between tokens.
/// </summary>
internal sealed class Scheduler : IAsyncDisposable
{
    // While others decode, a prompt is prefilled in smaller chunks, so that they wait less.
    private const int ChunkWhileDecoding = 64;

    private readonly JobQueue _queue;
    private readonly IBackend _backend;
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<int> _endOfTurn;
    private readonly PrefixCache _cache;
    private readonly Sampler[] _samplers;
    private readonly DrawnToken[] _drawn;
    private readonly List<RunningSequence> _running = [];
    private readonly List<ServedAdapter?> _turn = [];
    private readonly List<RunningSequence> _group = [];
    private readonly ConcurrentQueue<ServedAdapter> _retiring = [];
    private int _retired;
    private readonly KvSequence[] _batch;
    private readonly int[] _tokens;
    private readonly float[] _firstLogits;
    private readonly int[] _rows;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The request at the head: its prompt's sequence, and whether that is complete and only forks are outstanding.
    private Job? _staged;
    private KvSequence? _prompt;
    private bool _prefilled;

    /// <summary>Starts the thread. The scheduler owns the back end from here on.</summary>
    public Scheduler(IBackend backend, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, EngineOptions options)
    {
        (_backend, _tokenizer, _endOfTurn) = (backend, tokenizer, endOfTurn);
        _queue = new JobQueue(options.QueueLength);
        _cache = new PrefixCache(backend, options.PrefixCacheBytes);
        _samplers = [.. Enumerable.Range(0, Math.Min(options.Threads, backend.MaxSequences)).Select(_ => new Sampler(backend.VocabularySize))];
        _drawn = new DrawnToken[backend.MaxSequences];
        _batch = new KvSequence[backend.MaxSequences];
        _tokens = new int[backend.MaxSequences];
        _firstLogits = new float[backend.VocabularySize];
        _rows = new int[backend.MaxLogitRows];
        new Thread(Loop) { Name = "inference", IsBackground = true }.Start();
    }

    /// <summary>Puts a request at the queue's end.</summary>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The engine has been disposed.</exception>
    public void Submit(Job job) => _queue.Add(job);

    /// <summary>Takes a request back, whatever has become of it; its places are free within a turn.</summary>
    public void Cancel(Job job)
    {
        job.Cancel();
        _queue.Remove(job);

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
            Sweep();
            if (_staged is not null)
            {
                Guard(Prefill, [_staged]);
            }

            Decode();
            Release();
        }

        var error = new ObjectDisposedException(nameof(IInferenceEngine), "the engine was disposed while the request ran");
        _staged?.Fail(error);
        _running.ForEach(sequence => sequence.Job.Fail(error));
        foreach (var job in _queue.Rest())
        {
            job.Fail(error);
        }

        _cache.Dispose();
        _backend.Dispose();
        _ended.SetResult();
    }

    // Sleeps while there is nothing to do; stages the next request when none is. False when the engine ends.
    private bool WaitForWork()
    {
        if (_staged is not null)
        {
            return !_queue.Closed;
        }

        var open = _queue.Take(wait: _running.Count == 0, out _staged);
        _prefilled = false;
        return open;
    }

    // Frees the places of those whom nobody waits for.
    private void Sweep()
    {
        if (_staged is { Cancelled: true })
        {
            Unstage();
        }

        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Job.Cancelled)
            {
                _backend.Close(_running[i].State!);
                _running.RemoveAt(i);
            }
        }
    }

    // Frees retired adapters that nobody uses any more. The others stay queued, so that this looks at them again.
    private void Release()
    {
        for (var left = _retiring.Count; left > 0 && _retiring.TryDequeue(out var adapter); left--)
        {
            if (_staged?.Adapter == adapter || _running.Exists(sequence => sequence.Job.Adapter == adapter) || _queue.Uses(adapter))
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

    // A failure ends the requests that it hit, and no others.
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is handed to those who wait for the result.")]
    private void Guard(Action step, IEnumerable<Job> hit)
    {
        try
        {
            step();
        }
        catch (Exception caught)
        {
            var error = caught is AggregateException { InnerException: { } inner } ? inner : caught;
            foreach (var job in hit)
            {
                job.Fail(error);
                job.Cancel();
            }

            Sweep();
        }
    }

    private void Prefill()
    {
        var job = _staged!;
        if (_prompt is null)
        {
            job.Begin();
            _prompt = _backend.Open(job.Adapter?.Prepared);

            // Positions whose logits are wanted must be computed, and what is computed must make a chunk.
            var reusable = Math.Min(job.Positions[0], job.Path.Length - _backend.MinChunk);
            job.CachedTokens = _cache.Load(job.Path, Math.Max(0, reusable), _prompt);
        }

        if (!_prefilled)
        {
            PrefillChunk(job);
            if (_prompt.Length < job.Path.Length)
            {
                return;
            }

            _prefilled = true;
            if (job.Path.Length >= _backend.MinChunk)
            {
                _cache.Add(job.Path, _prompt);
            }

            (job as GenerateJob)?.Accept();
        }

        if (job is GenerateJob generate)
        {
            Fork(generate);
            if (generate.Started < generate.Sequences)
            {
                return;
            }
        }
        else
        {
            ((ScoringJob)job).Complete();
        }

        Unstage();
    }

    private void PrefillChunk(Job job)
    {
        var start = _prompt!.Length;
        var left = job.Path.Length - start;
        var count = Math.Min(left, _running.Count > 0 ? Math.Min(ChunkWhileDecoding, _backend.MaxChunk) : _backend.MaxChunk);

        // Positions are ascending: those of this chunk follow those of the last.
        var first = IndexFrom(start);
        if (IndexFrom(start + count) - first > _backend.MaxLogitRows)
        {
            count = job.Positions[first + _backend.MaxLogitRows] - start;
        }

        if (count < left && left - count < _backend.MinChunk)
        {
            count = left - _backend.MinChunk;
        }

        var rows = _rows.AsSpan(0, IndexFrom(start + count) - first);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = job.Positions[first + row] - start;
        }

        var logits = _backend.Prefill(_prompt, job.Path.AsSpan(start, count), rows);
        for (var row = 0; row < rows.Length; row++)
        {
            var here = logits.Slice(row * _backend.VocabularySize, _backend.VocabularySize);
            if (job is ScoringJob scoring)
            {
                scoring.Take(first + row, here, _samplers[0]);
            }
            else if (first + row < job.Positions.Length - 1)
            {
                ((GenerateJob)job).TakeForced(first + row, here, _samplers[0]);
            }
            else
            {
                here.CopyTo(_firstLogits);
            }
        }

        // How many of the wanted positions lie before this one.
        int IndexFrom(int position)
        {
            var index = Array.BinarySearch(job.Positions, position);
            return index < 0 ? ~index : index;
        }
    }

    // Starts as many sequences as there are places; the rest waits until others have ended.
    private void Fork(GenerateJob job)
    {
        while (job.Started < job.Sequences && _running.Count < _backend.MaxSequences && !job.Cancelled)
        {
            var sequence = new RunningSequence(job, job.Started++, _tokenizer, _endOfTurn, _backend.ContextLength);
            if (sequence.Begin() && sequence.Advance(sequence.Draw(_firstLogits, _samplers[0])))
            {
                sequence.State = _backend.Fork(_prompt!);
                _running.Add(sequence);
            }
        }
    }

    private void Unstage()
    {
        if (_prompt is not null)
        {
            _backend.Close(_prompt);
        }

        (_staged, _prompt) = (null, null);
    }

    private void Decode()
    {
        _turn.Clear();
        foreach (var sequence in _running)
        {
            if (!_turn.Contains(sequence.Job.Adapter))
            {
                _turn.Add(sequence.Job.Adapter);
            }
        }

        foreach (var adapter in _turn)
        {
            _group.Clear();
            _group.AddRange(_running.Where(sequence => sequence.Job.Adapter == adapter));

            // A failure of another group sweeps out whoever was cancelled meanwhile.
            if (_group.Count > 0)
            {
                Guard(DecodeGroup, _group.Select(sequence => sequence.Job));
            }
        }
    }

    // One token for every sequence of one adapter.
    private void DecodeGroup()
    {
        for (var i = 0; i < _group.Count; i++)
        {
            _batch[i] = _group[i].State!;
            _tokens[i] = _group[i].LastToken;
        }

        _backend.Decode(_batch.AsSpan(0, _group.Count), _tokens.AsSpan(0, _group.Count));
        var workers = Math.Min(_samplers.Length, _group.Count);
        if (workers == 1)
        {
            DrawShare(0, 1);
        }
        else
        {
            Parallel.For(0, workers, worker => DrawShare(worker, workers));
        }

        for (var i = 0; i < _group.Count; i++)
        {
            if (!_group[i].Advance(_drawn[i]))
            {
                _batch[i] = null!;
            }
        }

        // Closing moves rows about, so it waits until all logits have been read.
        for (var i = _group.Count - 1; i >= 0; i--)
        {
            if (_batch[i] is null)
            {
                Leave(_group[i]);
                _running.Remove(_group[i]);
            }
        }
    }

    // Every n-th sequence. Which thread draws makes no difference: each sequence has its own random numbers.
    private void DrawShare(int worker, int workers)
    {
        for (var i = worker; i < _group.Count; i += workers)
        {
            _drawn[i] = _group[i].Draw(_backend.Logits(_group[i].State!), _samplers[worker]);
        }
    }

    private void Leave(RunningSequence sequence)
    {
        if (_backend.DecodesAsPrefills)
        {
            // The path has the forced prefix already; the last token was drawn but not computed.
            var prompt = sequence.Job.Path.AsSpan(0, sequence.Job.PromptTokens);
            _cache.Add([.. prompt, .. sequence.Tokens.Take(sequence.Tokens.Count - 1)], sequence.State!);
        }

        _backend.Close(sequence.State!);
    }
}
