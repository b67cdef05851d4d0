using System.Diagnostics;
using System.Globalization;
using O1Coder.Inference;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// What share of the steps' processor time the prefix cache takes where nothing is shared: everything that the engine asks of it
/// for a request, by the clock, against the steps of that request. Pairs of runs with and without it scatter by more than that.
/// </summary>
internal sealed class PrefixShare : IDisposable
{
    private const int PromptTokens = 128;
    private const int Sequences = 4;
    private const int AnswerTokens = 16;

    private readonly CpuBackend _backend;
    private readonly PrefixCache _cache;
    private readonly Random _random = new(1);
    private readonly int _vocabulary;
    private TimeSpan _steps;
    private long _claim;
    private long _load;
    private long _add;
    private long _leave;

    private PrefixShare(IWeights weights, long bytes)
    {
        _backend = new CpuBackend(
            weights, Precision.Fast, WeightPrecision.AsStored, KernelPaths.Best, Environment.ProcessorCount, Sequences, PromptTokens + AnswerTokens);
        _cache = new PrefixCache(_backend, bytes);
        _vocabulary = weights.Description.VocabularySize;
    }

    /// <summary>Measures and prints.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="requests">How many, at least one.</param>
    /// <param name="bytes">The cache's bound; it is full before anything is measured.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static void Run(string folder, int requests, long bytes, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Open(folder, cancellationToken: cancellationToken);
        using var share = new PrefixShare(model.Parameters, bytes);
        var (warm, before) = (0, -1L);
        while (share._cache.Bytes > before || warm < 4)
        {
            before = share._cache.Bytes;
            share.Ask();
            warm++;
            cancellationToken.ThrowIfCancellationRequested();
        }

        (share._steps, share._claim, share._load, share._add, share._leave) = (default, 0, 0, 0, 0);
        for (var i = 0; i < requests; i++)
        {
            share.Ask();
            cancellationToken.ThrowIfCancellationRequested();
        }

        share.Print(requests, bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _backend.Dispose();
    }

    // As the engine does it: a claim when the request comes, a look-up when its prompt is opened, an addition and another claim
    // when that is computed, an addition as each answer ends.
    private void Ask()
    {
        int[] path = [.. Enumerable.Range(0, PromptTokens).Select(_ => _random.Next(_vocabulary))];
        var claim = Timed(ref _claim, () => _cache.Claim(path, null));
        var prompt = _backend.Open(null);
        if (Timed(ref _load, () => _cache.Load(path, PromptTokens - 1, prompt)) is > 1 and var known)
        {
            throw new InvalidOperationException($"{known} tokens of a prompt were known: the share would be wrong");
        }

        Prefill(prompt, path);
        Timed(ref _add, () => _cache.Add(path, prompt));
        var first = claim;
        claim = Timed(ref _claim, () => _cache.Claim(path, null));
        Timed(ref _claim, first.Dispose);
        KvSequence[] answers = [.. Enumerable.Range(0, Sequences).Select(_ => _backend.Fork(prompt))];
        _backend.Close(prompt);
        var told = Decode(answers);
        for (var i = 0; i < Sequences; i++)
        {
            var (answer, own) = (answers[i], told[i]);
            Timed(ref _leave, () => _cache.Add([.. path, .. own], answer));
            _backend.Close(answer);
        }

        Timed(ref _claim, claim.Dispose);
    }

    private void Prefill(KvSequence prompt, int[] path)
    {
        var before = Environment.CpuUsage.TotalTime;
        while (prompt.Length < path.Length)
        {
            var count = Math.Min(_backend.MaxChunk, path.Length - prompt.Length);
            _backend.Step([new StepPart(prompt, 0, count)], path.AsSpan(prompt.Length, count), [count - 1]);
        }

        _steps += Environment.CpuUsage.TotalTime - before;
    }

    private int[][] Decode(KvSequence[] answers)
    {
        int[][] told = [.. answers.Select(_ => Enumerable.Range(0, AnswerTokens).Select(_ => _random.Next(_vocabulary)).ToArray())];
        StepPart[] parts = [.. answers.Select((answer, i) => new StepPart(answer, i, 1))];
        int[] rows = [.. Enumerable.Range(0, answers.Length)];
        var before = Environment.CpuUsage.TotalTime;
        for (var at = 0; at < AnswerTokens; at++)
        {
            _backend.Step(parts, [.. told.Select(own => own[at])], rows);
        }

        _steps += Environment.CpuUsage.TotalTime - before;
        return told;
    }

    private void Print(int requests, long bytes)
    {
        var all = Stopwatch.GetElapsedTime(0, _claim + _load + _add + _leave);
        Print($"{requests} requests of {PromptTokens} tokens that share nothing, {Sequences} answers of {AnswerTokens} tokens; {_backend.Name}, a full cache of {bytes >> 20} MiB");
        Print($"the cache, µs a request: claims {Microseconds(_claim):f1}, look-up {Microseconds(_load):f1}, prompt added {Microseconds(_add):f1}, answers added {Microseconds(_leave):f1}; evictions within");
        Print($"the steps, ms of processor time a request: {_steps.TotalMilliseconds / requests:f1}");
        Print($"the cache ÷ the steps: {100 * (all / _steps):f4} %");

        double Microseconds(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds / requests;
    }

    private static T Timed<T>(ref long ticks, Func<T> work)
    {
        var before = Stopwatch.GetTimestamp();
        var result = work();
        ticks += Stopwatch.GetTimestamp() - before;
        return result;
    }

    private static void Timed(ref long ticks, Action work) => Timed(ref ticks, () =>
    {
        work();
        return 0;
    });

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
