using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Where a page's numbers lie: for each layer and key-value head the keys, transposed, [head size][16 tokens], and behind
/// them the values, [16 tokens][head size, filled up]. Float32.
/// </summary>
internal sealed class KvLayout
{
    /// <summary>Tokens of a page.</summary>
    public const int PageTokens = 16;

    // Values are read by pairs of the widest vectors.
    private const int ValueAlignment = 32;

    // So far from the largest integer that sums of it and positions are none beyond.
    private const int Boundless = 1 << 30;

    /// <summary>The layout for a model.</summary>
    public KvLayout(ModelDescription model)
    {
        Window = model.SlidingWindow ?? Boundless;
        (Layers, Heads, HeadSize) = (model.Layers, model.KeyValueHeads, model.HeadSize);
        ValueWidth = (HeadSize + ValueAlignment - 1) / ValueAlignment * ValueAlignment;
        ValuesOffset = HeadSize * PageTokens;
        HeadFloats = ValuesOffset + (PageTokens * ValueWidth);
    }

    /// <summary>Tokens that attention sees at most, the last ones.</summary>
    public int Window { get; }

    /// <summary>Transformer layers.</summary>
    public int Layers { get; }

    /// <summary>Key-value heads.</summary>
    public int Heads { get; }

    /// <summary>Width of a head.</summary>
    public int HeadSize { get; }

    /// <summary>Floats from one token's values to the next one's.</summary>
    public int ValueWidth { get; }

    /// <summary>Floats from a head's keys to its values.</summary>
    public int ValuesOffset { get; }

    /// <summary>Floats of one head's keys and values.</summary>
    public int HeadFloats { get; }

    /// <summary>Bytes of a page.</summary>
    public long PageBytes => (long)Layers * Heads * HeadFloats * sizeof(float);

    /// <summary>Floats from a page's beginning to the keys of a layer and head.</summary>
    public long Offset(int layer, int head) => (((long)layer * Heads) + head) * HeadFloats;

    /// <summary>Pages that hold so many tokens from a page's beginning on.</summary>
    public static int PagesFor(int tokens) => (tokens + PageTokens - 1) / PageTokens;
}
