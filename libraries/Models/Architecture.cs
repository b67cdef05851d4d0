namespace O1Coder.Models;

/// <summary>What the known architectures differ in; all are decoders with RMS norms, rotary embedding and a gated feed-forward part.</summary>
/// <param name="Name">The name in config.json (<c>model_type</c>) and, where they are known there, in GGUF files.</param>
internal sealed record Architecture(string Name)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Architecture> Known { get; } =
    [
        new("qwen2") { InGguf = true, QkvBias = true },
        new("llama") { InGguf = true, PairedRows = true },
        new("qwen3") { InGguf = true, QueryKeyNorm = true, HeadSize = 128 },

        // GGUF files call mistral llama. An absent sliding_window is 4096 there, as transformers has it; null is none.
        new("mistral") { KeyValueHeads = 8, SlidingWindow = 4096 },
    ];

    /// <summary>Whether GGUF files name it so.</summary>
    public bool InGguf { get; private init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool QkvBias { get; private init; }

    /// <summary>Whether each head's queries and keys are normalised before the rotation.</summary>
    public bool QueryKeyNorm { get; private init; }

    /// <summary>
    /// Whether a GGUF file has the rows of a head's queries and keys in pairs: elements i and i + d/2 of a head of width d,
    /// which the rotation turns together, stand side by side there.
    /// </summary>
    public bool PairedRows { get; private init; }

    /// <summary>The head size where config.json names none, or null for hidden size / heads.</summary>
    public int? HeadSize { get; private init; }

    /// <summary>Key-value heads where config.json names none, or null for as many as heads.</summary>
    public int? KeyValueHeads { get; private init; }

    /// <summary>The sliding window where config.json names none, or null where the architecture has none in all its layers.</summary>
    public int? SlidingWindow { get; private init; }

    /// <summary>The architecture of that name among those that pass, or null.</summary>
    public static Architecture? Find(string name, Func<Architecture, bool> passes) =>
        Known.FirstOrDefault(architecture => architecture.Name == name && passes(architecture));
}
