namespace O1Coder.Learning.Training;

/// <summary>The shape of a new adapter (LoRA, arXiv 2106.09685), with every default filled in.</summary>
public sealed record LoraSpec
{
    /// <summary>Rank r, 1 to 64.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Alpha, in (0, 1024]: the update is scaled by alpha / r.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Dropout of the adapter's input, in [0, 1). Used with a start adapter too.</summary>
    public double Dropout { get; init; }

    /// <summary>The projections by PEFT's names, each at most once, at least one.</summary>
    public IReadOnlyList<string> Targets { get; init; } = AllTargets;

    /// <summary>All projections that can be adapted, in the model's order.</summary>
    public static IReadOnlyList<string> AllTargets { get; } =
        ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <inheritdoc/>
    public bool Equals(LoraSpec? other) =>
        other is not null && Rank == other.Rank && Alpha.Equals(other.Alpha) && Dropout.Equals(other.Dropout)
        && Targets.SequenceEqual(other.Targets, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, Alpha, Dropout, Targets.Count);
}
