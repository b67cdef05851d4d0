using System.Runtime.CompilerServices;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Scheduling;
using O1Coder.Models;

namespace O1Coder.Inference;

/// <summary>The engine over any back end.</summary>
internal sealed class InferenceEngine : IInferenceEngine
{
    private readonly Scheduler _scheduler;
    private readonly int _vocabulary;

    /// <summary>Starts the engine, which owns the back end from here on.</summary>
    public InferenceEngine(
        IBackend backend, ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, EngineOptions options, TimeSpan loadTime)
    {
        _vocabulary = backend.VocabularySize;
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
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentChecks.Check(request, _vocabulary, Description.ContextLength);
        cancellationToken.ThrowIfCancellationRequested();
        var job = new GenerateJob(request);
        _scheduler.Submit(job);
        try
        {
            await foreach (var happened in job.Events.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            _scheduler.Cancel(job);
        }
    }

    /// <inheritdoc/>
    public async Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> continuation, CancellationToken cancellationToken)
    {
        ArgumentChecks.Check(prompt.Span, continuation.Span, _vocabulary, Description.ContextLength);
        cancellationToken.ThrowIfCancellationRequested();
        var job = new ScoreJob(prompt.Span, continuation.Span);
        _scheduler.Submit(job);
        try
        {
            return await job.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            _scheduler.Cancel(job);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();
}
