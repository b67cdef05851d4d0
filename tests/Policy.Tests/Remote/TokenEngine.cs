using System.Runtime.CompilerServices;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy.Tests;

/// <summary>An engine whose tokens and log-probabilities follow from the request alone, so that two of them agree.</summary>
internal sealed class TokenEngine : IInferenceEngine
{
    private readonly List<LoadedAdapter> _adapters = [];

    public EngineDescription Description { get; } = new()
    {
        Backend = "token",
        Precision = "none",
        Threads = 1,
        ContextLength = 256,
        MaxSequences = 8,
        LoadTime = TimeSpan.Zero,
    };

    public GenerationRequest? Asked { get; private set; }

    public IReadOnlyList<LoadedAdapter> Adapters => _adapters;

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked = request;
        Accept(request.Adapter);
        yield return new PromptAccepted(1);
        var total = 0;
        for (var sequence = 0; sequence < request.Sequences; sequence++)
        {
            var random = new Random((int)(request.Sampling.Seed % 1000) + sequence + (request.Adapter?.Length ?? 0));
            var reason = sequence % 3 == 0 ? FinishReason.EndOfTurn
                : sequence % 3 == 1 && request.Sampling.Stop.Count > 0 ? FinishReason.StopString : FinishReason.MaxTokens;
            var stop = reason == FinishReason.StopString ? request.Sampling.Stop[^1] : null;
            int[] last = stop is null ? [] : EmbeddedModel.Shared.Tokenizer.Encode(stop, parseSpecial: false);
            var count = reason == FinishReason.MaxTokens ? request.Sampling.MaxTokens : 3;
            int[] tokens = [.. Enumerable.Range(0, count).Select(_ => random.Next(64, 90)), .. last];
            foreach (var token in tokens)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                var text = last.Contains(token) ? "" : EmbeddedModel.Shared.Tokenizer.Decode([token]);
                float[] sampling = [-random.NextSingle()];
                yield return new SequenceChunk(
                    sequence, [token], text, request.Sampling.SamplingLogProbabilities ? sampling : [], [-random.NextSingle()])
                {
                    TopLogProbabilities = Likeliest(token, request.Sampling.TopLogProbabilities),
                };
            }

            total += tokens.Length;
            yield return new SequenceFinished(
                sequence, reason, stop, EmbeddedModel.Shared.Tokenizer.Decode(tokens.AsSpan(0, tokens.Length - last.Length)), tokens);
        }

        yield return new GenerationUsage(request.Prompt.Length, 1, total, default, default, default);
    }

    public Task<float[]> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> continuation, string? adapter, QueueTicket ticket, CancellationToken cancellationToken)
    {
        Accept(adapter);
        return Task.FromResult(Scores([.. prompt.Span, .. continuation.Span])[(prompt.Length - 1)..]);
    }

    public Task<float[][]> ScoreLabelsAsync(
        ReadOnlyMemory<int> tokens, IReadOnlyList<int> positions, IReadOnlyList<int> labels, string? adapter, QueueTicket ticket, CancellationToken cancellationToken)
    {
        Accept(adapter);
        return Task.FromResult(positions.Select(position => labels.Select(label =>
            Scores([.. tokens[..(position + 1)].Span, label])[^1]).ToArray()).ToArray());
    }

    public Task<float[][]> HiddenStatesAsync(
        ReadOnlyMemory<int> tokens, IReadOnlyList<int> positions, string? adapter, QueueTicket ticket, CancellationToken cancellationToken)
    {
        Accept(adapter);
        return Task.FromResult(positions.Select(position => new float[] { tokens.Span[position] }).ToArray());
    }

    public Task<LoadedAdapter> AddAdapterAsync(LoraAdapter adapter, string? replacing, CancellationToken cancellationToken)
    {
        _adapters.Add(new LoadedAdapter(adapter.Version, adapter.Rank, 1));
        return Task.FromResult(_adapters[^1]);
    }

    public bool RemoveAdapter(string version) => _adapters.RemoveAll(adapter => adapter.Version == version) > 0;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // All likelier than any that is drawn, in the order that the contract promises.
    private static IReadOnlyList<IReadOnlyList<TokenLogProbability>> Likeliest(int token, int count) => count == 0 ? []
        : [[.. Enumerable.Range(1, count).Select(i => new TokenLogProbability(token + (5 * i), -i / 65536f))]];

    private void Accept(string? adapter)
    {
        if (adapter is not null && _adapters.TrueForAll(one => one.Version != adapter))
        {
            throw new AdapterNotLoadedException(adapter);
        }
    }

    // Each depends on all tokens before it.
    private static float[] Scores(int[] tokens)
    {
        var sum = tokens[0];
        return [.. tokens.Skip(1).Select(token => -(sum = (31 * sum + token) % 1009) / 64f)];
    }
}
