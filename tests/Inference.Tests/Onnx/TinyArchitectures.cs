using O1Coder.Inference.Tests.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>A small shape of every architecture, each with what is its own.</summary>
internal static class TinyArchitectures
{
    public const int Vocabulary = TinyModels.Vocabulary;

    public static IReadOnlyList<string> Names { get; } = ["qwen2", "llama", "qwen3", "mistral"];

    public static ModelDescription Of(string architecture)
    {
        var model = TinyModels.Uneven with { Architecture = architecture, Heads = 6, KeyValueHeads = 2, HeadSize = 16 };
        return architecture switch
        {
            // Biases, a tied head.
            "qwen2" => model,

            // As many key-value heads as query heads, stretched rotation, a head of its own.
            "llama" => model with
            {
                KeyValueHeads = 6,
                QkvBias = false,
                TiedEmbedding = false,
                RopeBase = 500_000,
                RopeScaling = new RopeScaling(8, 1, 4, 32),
            },

            // Norms of queries and keys, heads wider than their share of the residual stream.
            "qwen3" => model with { HeadSize = 32, QkvBias = false, QueryKeyNorm = true, RopeBase = 1_000_000 },

            // A sliding window.
            "mistral" => model with { KeyValueHeads = 1, QkvBias = false, TiedEmbedding = false, SlidingWindow = 21 },
            _ => throw new ArgumentException($"architecture is {architecture}: expected one of {string.Join(", ", Names)}", nameof(architecture)),
        };
    }
}
