using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy.Tests;

/// <summary>An engine that does what a test says and remembers what it was asked.</summary>
internal sealed class ScriptedEngine : IInferenceEngine
{
    public EngineDescription Description { get; init; } = new()
    {
        Backend = "scripted",
        Precision = "none",
        Threads = 3,
        ContextLength = 256,
        MaxSequences = 8,
        LoadTime = TimeSpan.FromSeconds(1),
    };

    public GenerationRequest? Asked { get; private set; }

    public (int[] Prompt, int[] Continuation)? AskedToScore { get; private set; }

    public QueueTicket ScoreTicket { get; private set; }

    /// <summary>Completes when the token of a generation that ran was cancelled and its enumeration has ended.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<CancellationToken, IAsyncEnumerable<GenerationEvent>> Script { get; init; } = _ => Of([]);

    public bool Disposed { get; private set; }

    /// <summary>Called when a request has been accepted with a version or none, before anything else.</summary>
    public Action<string?>? OnRequest { get; set; }

    /// <summary>Called before an adapter is added, with the version that it replaces.</summary>
    public Action<LoraAdapter, string?>? OnAdd { get; set; }

    public ConcurrentDictionary<string, LoadedAdapter> Served { get; } = [];

    public (int[] Tokens, int[] Positions, int[] Labels)? AskedForLabels { get; private set; }

    public (int[] Tokens, int[] Positions)? AskedForHidden { get; private set; }

    /// <summary>What it says of its load.</summary>
    public EngineLoad? Load { get; set; }

    public IReadOnlyList<LoadedAdapter> Adapters => [.. Served.Values];

    public static async IAsyncEnumerable<GenerationEvent> Of(
        IEnumerable<GenerationEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var generated in events)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return generated;
        }
    }

    /// <summary>One token after another until cancelled.</summary>
    public static async IAsyncEnumerable<GenerationEvent> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new PromptAccepted(0);
        while (true)
        {
            await Task.Delay(5, cancellationToken);
            yield return new SequenceChunk(0, [1], "x", [0f], [-1f]);
        }
    }

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Accept(request.Adapter);
        Asked = request;
        try
        {
            await foreach (var generated in Script(cancellationToken))
            {
                yield return generated;
            }
        }
        finally
        {
            Ended.TrySetResult();
        }
    }

    public Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> continuation, string? adapter, QueueTicket ticket, CancellationToken cancellationToken)
    {
        Accept(adapter);
        (AskedToScore, ScoreTicket) = ((prompt.ToArray(), continuation.ToArray()), ticket);
        return Task.FromResult(Enumerable.Range(1, continuation.Length).Select(i => -0.5f * i).ToArray());
    }

    public Task<float[][]> ScoreLabelsAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        IReadOnlyList<int> labels,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken)
    {
        Accept(adapter);
        AskedForLabels = (tokens.ToArray(), [.. positions], [.. labels]);
        return Task.FromResult(positions.Select(position => labels.Select(label => -position - (label / 1000f)).ToArray()).ToArray());
    }

    public Task<float[][]> HiddenStatesAsync(
        ReadOnlyMemory<int> tokens, IReadOnlyList<int> positions, string? adapter, QueueTicket ticket, CancellationToken cancellationToken)
    {
        Accept(adapter);
        AskedForHidden = (tokens.ToArray(), [.. positions]);
        return Task.FromResult(positions.Select(position => new[] { position, tokens.Span[position], 0.5f }).ToArray());
    }

    public Task<LoadedAdapter> AddAdapterAsync(LoraAdapter adapter, string? replacing, CancellationToken cancellationToken)
    {
        OnAdd?.Invoke(adapter, replacing);
        return Task.FromResult(Served.GetOrAdd(adapter.Version, version => new LoadedAdapter(version, adapter.Rank, adapter.Bytes)));
    }

    public bool RemoveAdapter(string version) => Served.TryRemove(version, out _);

    private void Accept(string? adapter)
    {
        OnRequest?.Invoke(adapter);
        if (adapter is not null && !Served.ContainsKey(adapter))
        {
            throw new AdapterNotLoadedException(adapter);
        }
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
