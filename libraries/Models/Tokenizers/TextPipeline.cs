namespace O1Coder.Models;

/// <summary>What becomes of a text before its pieces are encoded.</summary>
internal sealed record TextPipeline
{
    /// <summary>Rewrites each stretch between added tokens; in order.</summary>
    public IReadOnlyList<Func<string, string>> Normalizers { get; init; } = [];

    /// <summary>The mark that stands for a space after normalisation (U+2581), or null where spaces stay.</summary>
    public char? Mark { get; init; }

    /// <summary>Where a mark is put before a stretch that has none at its beginning; only with <see cref="Mark"/>.</summary>
    public MarkPrefix Prefix { get; init; }

    /// <summary>Cuts a stretch into pieces.</summary>
    public required Splitter Splitter { get; init; }
}
