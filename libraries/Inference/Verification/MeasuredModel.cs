using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Models;

namespace O1Coder.Inference.Verification;

/// <summary>A model in one variant, asked for what reference numbers are of.</summary>
internal sealed class MeasuredModel : IAsyncDisposable
{
    // Prompts of a file that are decoded together; more wait.
    private const int Sequences = 4;

    private readonly IBackend _backend;
    private readonly InferenceEngine _engine;

    private MeasuredModel(IBackend backend, ITokenizer tokenizer)
    {
        _backend = backend;

        // Reference continuations go on behind an end of turn, and nothing may come from a cache.
        _engine = new InferenceEngine(backend, tokenizer, [], new EngineOptions { PrefixCacheBytes = 0 }, TimeSpan.Zero);
    }

    /// <summary>The back end and the accuracy, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Loads a model.</summary>
    /// <param name="variant">How.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="context">Tokens of the longest sequence.</param>
    /// <param name="tokenizer">The tokenizer; null where there is none, which numbers its tokens.</param>
    /// <exception cref="ArgumentException">A matrix has a shape that the back end cannot hold.</exception>
    /// <exception cref="ModelFormatException">The back end does not run such a model.</exception>
    public static MeasuredModel Load(EngineVariant variant, IWeights weights, int threads, int context, ITokenizer? tokenizer = null)
    {
        IBackend backend = variant.Path is { } path
            ? new CpuBackend(weights, variant.Precision, WeightPrecision.AsStored, path, threads, Sequences, context)
            : new OnnxBackend(weights, variant.Precision, WeightPrecision.AsStored, GraphDevices.OfBuild, threads, Sequences, context);
        return new MeasuredModel(backend, tokenizer ?? new NumberedTokens(weights.Description.VocabularySize))
        {
            Name = $"{backend.Name} {variant.Accuracy}",
        };
    }

    /// <summary>The logits after the last token. Only before anything else is asked: then the back end is the engine's.</summary>
    public float[] LastLogits(int[] tokens)
    {
        var sequence = _backend.Open(null);
        try
        {
            for (var start = 0; ;)
            {
                var left = tokens.Length - start;
                var count = Math.Min(_backend.MaxChunk, left);
                var last = count == left;
                if (!last)
                {
                    // What is left must not be too little for a chunk.
                    count -= Math.Max(0, _backend.MinChunk - (left - count));
                }

                var logits = _backend.Step(
                    [new StepPart(sequence, 0, count)], tokens.AsSpan(start, count), last ? [count - 1] : []);
                if (last)
                {
                    return logits.ToArray();
                }

                start += count;
            }
        }
        finally
        {
            _backend.Close(sequence);
        }
    }

    /// <summary>Serves an adapter.</summary>
    /// <returns>Its version.</returns>
    public async Task<string> AddAsync(LoraAdapter adapter, CancellationToken cancellationToken) =>
        (await _engine.AddAdapterAsync(adapter, null, cancellationToken)).Version;

    /// <summary>log p(tokens[i + 1] | tokens[..i + 1]).</summary>
    public async Task<double[]> ScoreAsync(int[] tokens, string? adapter, CancellationToken cancellationToken) =>
        Widen(await _engine.ScoreAsync(tokens.AsMemory(0, 1), tokens.AsMemory(1), adapter, default, cancellationToken));

    /// <summary>log p(candidate | tokens).</summary>
    public async Task<double[]> ScoreNextAsync(int[] tokens, int[] candidates, CancellationToken cancellationToken) =>
        Widen((await _engine.ScoreLabelsAsync(tokens, [tokens.Length - 1], candidates, null, default, cancellationToken))[0]);

    /// <summary>Reads a continuation as it is given.</summary>
    /// <returns>Of each token its log-probability and the likeliest one at its place.</returns>
    public async Task<(double[] LogProbabilities, TokenLogProbability[] Likeliest)> FollowAsync(
        int[] prompt, int[] continuation, CancellationToken cancellationToken)
    {
        var chunks = await GenerateAsync(new GenerationRequest
        {
            Prompt = prompt,
            ForcedPrefix = continuation,
            Sampling = new SamplingOptions { MaxTokens = continuation.Length + 1, TopLogProbabilities = 1 },
        }, cancellationToken);
        return (
            Widen([.. chunks.SelectMany(chunk => chunk.ModelLogProbabilities).Take(continuation.Length)]),
            [.. chunks.SelectMany(chunk => chunk.TopLogProbabilities).Take(continuation.Length).Select(likeliest => likeliest[0])]);
    }

    /// <summary>The greedy continuation, token by token.</summary>
    public async Task<int[]> ContinueAsync(int[] prompt, int length, CancellationToken cancellationToken) =>
    [
        .. (await GenerateAsync(new GenerationRequest { Prompt = prompt, Sampling = new SamplingOptions { MaxTokens = length } }, cancellationToken))
            .SelectMany(chunk => chunk.Tokens),
    ];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<List<SequenceChunk>> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var chunks = new List<SequenceChunk>();
        await foreach (var happened in _engine.GenerateAsync(request, cancellationToken))
        {
            if (happened is SequenceChunk chunk)
            {
                chunks.Add(chunk);
            }
        }

        return chunks;
    }

    private static double[] Widen(IEnumerable<float> numbers) => [.. numbers.Select(number => (double)number)];
}
