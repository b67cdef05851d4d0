namespace O1Coder.Models;

/// <summary>The shape of a transformer, as its file tells it. Known architectures: qwen2.</summary>
public sealed record ModelDescription
{
    /// <summary>The architectures that <see cref="Read"/> knows.</summary>
    public static IReadOnlyList<string> KnownArchitectures { get; } = ["qwen2"];

    /// <summary>The architecture's name in the file, for example <c>qwen2</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Transformer blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key-value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int FeedForwardSize { get; init; }

    /// <summary>Tokens in the vocabulary, padding included.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The longest sequence that the model was made for, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Base of the rotary embedding's frequencies, θ.</summary>
    public required float RopeBase { get; init; }

    /// <summary>ε of the RMS norms.</summary>
    public required float RmsEpsilon { get; init; }

    /// <summary>Whether the output head is the embedding.</summary>
    public required bool TiedEmbedding { get; init; }

    /// <summary>Tokens that end a turn, ascending, at least one.</summary>
    public required IReadOnlyList<int> EndOfTurnTokens { get; init; }

    /// <summary>Reads the description and checks that the tensors are there in the shapes that it implies.</summary>
    /// <exception cref="ModelFormatException">
    /// The architecture is not known, a key or tensor is missing, or values do not fit together.
    /// </exception>
    public static ModelDescription Read(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var metadata = file.Metadata;
        var architecture = metadata.GetString("general.architecture");
        return KnownArchitectures.Contains(architecture)
            ? Qwen2Format.Read(file)
            : throw metadata.Wrong("general.architecture", $"'{architecture}'", $"one of {string.Join(", ", KnownArchitectures)}");
    }
}
