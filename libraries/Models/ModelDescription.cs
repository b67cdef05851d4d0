namespace O1Coder.Models;

/// <summary>
/// The shape of a transformer, as its files tell it. Known architectures: qwen2, llama, qwen3 and mistral, which GGUF files call
/// llama.
/// </summary>
public sealed record ModelDescription
{
    /// <summary>The architectures that <see cref="Read"/> knows in GGUF files.</summary>
    public static IReadOnlyList<string> KnownArchitectures { get; } =
        [.. Models.Architecture.Known.Where(known => known.InGguf).Select(known => known.Name)];

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

    /// <summary>How many tokens attention sees at most, the last ones, the token itself included; null for all.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>The longest sequence in which attention sees every token before, in tokens.</summary>
    public int FullAttentionLength => Math.Min(ContextLength, SlidingWindow ?? ContextLength);

    /// <summary>Base of the rotary embedding's frequencies, θ.</summary>
    public required float RopeBase { get; init; }

    /// <summary>ε of the RMS norms.</summary>
    public required float RmsEpsilon { get; init; }

    /// <summary>Whether the output head is the embedding.</summary>
    public required bool TiedEmbedding { get; init; }

    /// <summary>Tokens that end a turn, ascending; at least one of a GGUF file, a Hugging Face folder may name none.</summary>
    public required IReadOnlyList<int> EndOfTurnTokens { get; init; }

    /// <summary>Whether the projections to queries, keys and values have a bias: qwen2's have, llama's have not.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Whether each head's queries and keys are normalised before the rotation: qwen3's are.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>How the rotary embedding is stretched, or null where it is not or <see cref="RopeFrequencyFactors"/> say it.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>
    /// What each frequency of the rotary embedding is divided by, half the head size of them, or null: GGUF files have the
    /// stretching in this form.
    /// </summary>
    public IReadOnlyList<float>? RopeFrequencyFactors { get; init; }

    /// <summary>
    /// The rotary embedding's angle a position, θ^(−2i/d) for i in [0, d/2), stretched as <see cref="RopeScaling"/> or
    /// <see cref="RopeFrequencyFactors"/> say; element i turns the pair (i, i + d/2) of a head of width d.
    /// </summary>
    public double[] RopeFrequencies()
    {
        var frequencies = new double[HeadSize / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var frequency = Math.Pow(RopeBase, -2.0 * i / HeadSize);
            frequencies[i] = (RopeScaling is { } scaling ? Stretch(frequency, scaling) : frequency) / (RopeFrequencyFactors?[i] ?? 1);
        }

        return frequencies;
    }

    /// <summary>Refuses a model whose heads normalise queries and keys, on behalf of a room that would leave that out.</summary>
    /// <param name="room">The room, for people.</param>
    /// <exception cref="ModelFormatException">The model has <see cref="QueryKeyNorm"/>.</exception>
    public void RefuseQueryKeyNorm(string room)
    {
        if (QueryKeyNorm)
        {
            throw new ModelFormatException(
                $"{room} does not compute the norms of queries and keys that architecture {Architecture} has: expected a model without them, such as qwen2, llama or mistral");
        }
    }

    /// <summary>The width that a projection takes.</summary>
    public int InputSize(Projection projection) => projection switch
    {
        Projection.Output => Heads * HeadSize,
        Projection.Down => FeedForwardSize,
        _ => HiddenSize,
    };

    /// <summary>The width that a projection gives.</summary>
    public int OutputSize(Projection projection) => projection switch
    {
        Projection.Query => Heads * HeadSize,
        Projection.Key or Projection.Value => KeyValueHeads * HeadSize,
        Projection.Gate or Projection.Up => FeedForwardSize,
        _ => HiddenSize,
    };

    /// <summary>Reads the description and checks that the tensors are there in the shapes that it implies.</summary>
    /// <exception cref="ModelFormatException">
    /// The architecture is not known, a key or tensor is missing, or values do not fit together.
    /// </exception>
    public static ModelDescription Read(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return GgufDescription.Read(file);
    }

    private static double Stretch(double frequency, RopeScaling scaling)
    {
        var wave = 2 * Math.PI / frequency;
        var blend = ((scaling.OriginalContextLength / wave) - scaling.LowFrequencyFactor) /
            (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        blend = Math.Clamp(blend, 0, 1);
        return ((1 - blend) * frequency / scaling.Factor) + (blend * frequency);
    }
}
