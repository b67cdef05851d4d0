using System.Diagnostics;
using System.Runtime.CompilerServices;
using O1Coder.Inference;
using O1Coder.Models;
using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>
/// The engine's contract over a server's <c>/v1/completions</c>. What the server cannot do is FailedPrecondition; what it
/// does not tell is NaN. Tokenizer, chat template and end-of-turn tokens come from the local model, which the server must
/// run too.
/// </summary>
internal sealed class RemoteEngine : IInferenceEngine, IFolderAdapters
{
    // Scores are asked for one label at one place; so many of these at once.
    private const int ScoresAtOnce = 8;

    private readonly RemoteServer _server;
    private readonly ServerAbilities _abilities;
    private readonly LanguageModel _model;
    private readonly RemoteAdapters _adapters;
    private readonly int _most;
    private int _underWay;

    /// <summary>Makes the engine, which owns the server's client from here on.</summary>
    /// <param name="server">The server.</param>
    /// <param name="abilities">What it can do.</param>
    /// <param name="model">The local model; only its tokenizer and description are used.</param>
    /// <param name="options">Context, sequences and queue.</param>
    /// <param name="loadTime">What finding out took.</param>
    /// <param name="logger">Told of adapters that could not be unloaded.</param>
    public RemoteEngine(
        RemoteServer server, ServerAbilities abilities, LanguageModel model, PolicyOptions options, TimeSpan loadTime, ILogger logger)
    {
        (_server, _abilities, _model) = (server, abilities, model);
        _adapters = new RemoteAdapters(server, abilities, logger);
        _most = options.MaxSequences + options.QueueLength;
        var context = Math.Min(options.ContextLength, model.Description.ContextLength);
        Description = new EngineDescription
        {
            Backend = $"remote/{server.Host}",
            Precision = "unknown",
            Threads = 0,

            // A server that draws a token with every score needs a place for it.
            ContextLength = Math.Min(context, (abilities.ContextLength ?? context) - (abilities.ScoringTokens ?? 0)),
            MaxSequences = options.MaxSequences,
            LoadTime = loadTime,
        };
    }

    /// <inheritdoc />
    public EngineDescription Description { get; }

    /// <inheritdoc />
    public IReadOnlyList<LoadedAdapter> Adapters => _adapters.All;

    /// <inheritdoc />
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request.Prompt, Description.ContextLength - 1);
        if (RemoteLimits.Find(_abilities, request) is { } lack)
        {
            throw _server.NotServed(lack);
        }

        using var place = Enter();
        var asked = RemoteRequest.For(
            _abilities, _adapters.NameOf(request.Adapter), request, Description.ContextLength, _model.Tokenizer);
        var sequences = Enumerable.Range(0, request.Sequences)
            .Select(i => new RemoteSequence(i, request, Description.ContextLength, _model, _server, _abilities.Kind)).ToArray();
        var clock = Stopwatch.StartNew();
        TimeSpan? first = null;
        Usage? usage = null;
        await foreach (var part in AnswerAsync(asked, cancellationToken))
        {
            if (first is null)
            {
                first = clock.Elapsed;

                // How much was cached is told at the end.
                yield return new PromptAccepted(0);
            }

            usage = part.Usage ?? usage;
            foreach (var choice in part.Choices ?? [])
            {
                foreach (var happened in Take(sequences, choice, part))
                {
                    yield return happened;
                }
            }
        }

        if (Array.Find(sequences, sequence => !sequence.Ended) is not null)
        {
            throw _server.Unavailable("ended its answer before all sequences had ended");
        }

        var reading = first ?? clock.Elapsed;
        yield return new GenerationUsage(
            request.Prompt.Length,
            usage?.PromptTokensDetails?.CachedTokens ?? 0,
            sequences.Sum(sequence => sequence.Count),
            TimeSpan.Zero,
            reading,
            clock.Elapsed - reading);
    }

    /// <inheritdoc />
    public async Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt,
        ReadOnlyMemory<int> continuation,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken)
    {
        Check(prompt, Description.ContextLength - 1);
        Check(continuation, Description.ContextLength - prompt.Length);
        using var place = Enter();
        var scores = await ScoreAsync([.. prompt.Span, .. continuation.Span], _adapters.NameOf(adapter), cancellationToken);
        return scores[(prompt.Length - 1)..];
    }

    /// <inheritdoc />
    public async Task<float[][]> ScoreLabelsAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        IReadOnlyList<int> labels,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(labels);
        Check(tokens, Description.ContextLength - 1);
        using var place = Enter();
        var name = _adapters.NameOf(adapter);
        var scores = positions.Select(_ => new float[labels.Count]).ToArray();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, positions.Count * labels.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ScoresAtOnce, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var (position, label) = Math.DivRem(i, labels.Count);
                var sequence = tokens[..(positions[position] + 1)];
                scores[position][label] = (await ScoreAsync([.. sequence.Span, labels[label]], name, token))[^1];
            });
        return scores;
    }

    /// <inheritdoc />
    public Task<float[][]> HiddenStatesAsync(
        ReadOnlyMemory<int> tokens,
        IReadOnlyList<int> positions,
        string? adapter,
        QueueTicket ticket,
        CancellationToken cancellationToken) => throw _server.NotServed(
            "tells no hidden states: the completions protocol has none; expected a local model");

    /// <inheritdoc />
    public Task<LoadedAdapter> AddAdapterAsync(LoraAdapter adapter, string? replacing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        return _adapters.AddAsync(adapter, null, cancellationToken);
    }

    /// <inheritdoc />
    public Task<LoadedAdapter> AddFromFolderAsync(LoraAdapter adapter, string folder, CancellationToken cancellationToken) =>
        _adapters.AddAsync(adapter, folder, cancellationToken);

    /// <inheritdoc />
    public bool RemoveAdapter(string version) => _adapters.Remove(version);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _adapters.DrainAsync();
        _server.Dispose();
    }

    // Only what tells its tokens is read as a stream: of the others some leave tokens out of parts.
    private async IAsyncEnumerable<Completion> AnswerAsync(
        CompletionRequest asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_abilities.TellsTokens)
        {
            yield return await _server.CompleteAsync(asked, cancellationToken);
            yield break;
        }

        await foreach (var part in _server.StreamAsync(asked, cancellationToken))
        {
            yield return part;
        }
    }

    private IEnumerable<GenerationEvent> Take(RemoteSequence[] sequences, CompletionChoice choice, Completion part)
    {
        if (choice.Index < 0 || choice.Index >= sequences.Length)
        {
            throw _server.Broken($"told sequence {choice.Index}: expected 0 to {sequences.Length - 1}");
        }

        return _abilities.TellsTokens
            ? sequences[choice.Index].Add(choice)
            : sequences[choice.Index].AddWhole(choice, part.Choices!.Count == 1 ? part.Verbose : null);
    }

    // One a token but the first.
    private async Task<float[]> ScoreAsync(int[] tokens, string name, CancellationToken cancellationToken)
    {
        if (_abilities.ScoringTokens is not { } drawn)
        {
            throw _server.NotServed(
                "tells no log-probabilities of a prompt (echo with logprobs): expected a server that does, such as vLLM, or a local model");
        }

        var answer = await _server.CompleteAsync(RemoteRequest.ForScores(name, tokens, drawn), cancellationToken);
        return RemoteScores.Read(answer, tokens.Length)
            ?? throw _server.Broken($"told no log-probabilities of all {tokens.Length} tokens of a prompt");
    }

    private void Check(ReadOnlyMemory<int> tokens, int most)
    {
        if (tokens.Length < 1 || tokens.Length > most)
        {
            throw new ArgumentException($"the request has {tokens.Length} tokens: expected 1 to {most}", nameof(tokens));
        }

        foreach (var token in tokens.Span)
        {
            if (token < 0 || token >= _model.Tokenizer.VocabularySize)
            {
                throw new ArgumentException($"token is {token}: expected 0 to {_model.Tokenizer.VocabularySize - 1}", nameof(tokens));
            }
        }
    }

    // The server has a queue of its own; this bounds what waits here for it.
    private Place Enter()
    {
        if (Interlocked.Increment(ref _underWay) <= _most)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _underWay);
        throw new EngineBusyException($"{_most} requests are under way at {_server.Host}: expected fewer", RemoteRetries.WhenBusy);
    }

    private sealed class Place(RemoteEngine engine) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref engine._underWay);
    }
}
