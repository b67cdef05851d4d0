using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>Small models of uneven shapes, and back ends on them.</summary>
internal static class TinyModels
{
    public const int Vocabulary = 83;

    /// <summary>Three query heads a key-value head, heads that no vector divides, and biases.</summary>
    public static ModelDescription Uneven { get; } = new()
    {
        Architecture = "qwen2",
        Layers = 2,
        HiddenSize = 96,
        Heads = 12,
        KeyValueHeads = 4,
        HeadSize = 24,
        FeedForwardSize = 160,
        VocabularySize = Vocabulary,
        ContextLength = 512,
        RopeBase = 10_000,
        RmsEpsilon = 1e-6f,
        TiedEmbedding = true,
        EndOfTurnTokens = [0],
    };

    /// <summary>As qwen3: norms of heads that are wider than the residual stream's share, no biases, a head of its own.</summary>
    public static ModelDescription Normed { get; } = Uneven with
    {
        Architecture = "qwen3",
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 32,
        QkvBias = false,
        QueryKeyNorm = true,
        TiedEmbedding = false,
    };

    /// <summary>As many key-value heads as query heads.</summary>
    public static ModelDescription Multihead { get; } = Uneven with { Heads = 4, HeadSize = 16, QkvBias = false };

    /// <summary>Attention sees so many tokens that the window ends within pages.</summary>
    public static ModelDescription Windowed { get; } = Multihead with { SlidingWindow = 21 };

    public static CpuBackend Backend(
        ModelDescription model,
        KernelPath path,
        Precision precision = Precision.Exact,
        WeightPrecision held = WeightPrecision.Float32,
        int threads = 2,
        int maxSequences = 6,
        int contextLength = 256)
    {
        using var weights = new RandomWeights(model, seed: 1);
        return new CpuBackend(weights, precision, held, path, threads, maxSequences, contextLength);
    }

    public static int[] Text(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(Vocabulary))];
    }
}
