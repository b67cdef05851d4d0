namespace O1Coder.Models;

/// <summary>
/// A LoRA adapter (arXiv 2106.09685): of each adapted matrix W of [out, in] the factors A and B, with which it acts as
/// W + s·B·A, s = alpha / r, or alpha / √r where it is rank-stabilised (arXiv 2312.03732).
/// </summary>
public sealed class LoraAdapter
{
    /// <summary>The highest rank that is served, and so the highest that is read and trained.</summary>
    public const int MostRank = 64;

    /// <summary>Makes an adapter.</summary>
    /// <param name="rank">r, 1 to <see cref="MostRank"/>.</param>
    /// <param name="alpha">Positive and finite.</param>
    /// <param name="rankStabilized">Whether the scale is alpha / √r.</param>
    /// <param name="matrices">The factors, at least one pair; lengths are multiples of the rank.</param>
    /// <param name="version">The version, empty before it is written.</param>
    /// <exception cref="ArgumentException">An argument is none of that.</exception>
    public LoraAdapter(
        int rank, float alpha, bool rankStabilized, IReadOnlyDictionary<LoraKey, LoraMatrices> matrices, string version = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, MostRank);
        ArgumentNullException.ThrowIfNull(matrices);
        ArgumentNullException.ThrowIfNull(version);
        if (!(alpha > 0) || !float.IsFinite(alpha))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must be a positive number");
        }

        if (matrices.Count == 0)
        {
            throw new ArgumentException("there are no matrices: expected at least one pair", nameof(matrices));
        }

        foreach (var (key, pair) in matrices)
        {
            if (key.Layer < 0 || pair.A.Length == 0 || pair.B.Length == 0 || pair.A.Length % rank != 0 || pair.B.Length % rank != 0)
            {
                throw new ArgumentException(
                    $"matrices of layer {key.Layer}, {key.Projection.ModuleName()} have {pair.A.Length} and {pair.B.Length} elements: " +
                    $"expected multiples of the rank, {rank}", nameof(matrices));
            }
        }

        Rank = rank;
        Alpha = alpha;
        RankStabilized = rankStabilized;
        Matrices = matrices;
        Version = version;
        Targets = [.. matrices.Keys.Select(key => key.Projection).Distinct().Order()];
    }

    /// <summary>The rank r.</summary>
    public int Rank { get; }

    /// <summary>Alpha.</summary>
    public float Alpha { get; }

    /// <summary>Whether the scale is alpha / √r in place of alpha / r.</summary>
    public bool RankStabilized { get; }

    /// <summary>What B·A is multiplied by.</summary>
    public float Scale => RankStabilized ? (float)(Alpha / Math.Sqrt(Rank)) : Alpha / Rank;

    /// <summary>The factors of each adapted matrix.</summary>
    public IReadOnlyDictionary<LoraKey, LoraMatrices> Matrices { get; }

    /// <summary>The adapted projections, in the order of <see cref="Projection"/>.</summary>
    public IReadOnlyList<Projection> Targets { get; }

    /// <summary>
    /// The first 16 hexadecimal digits of SHA-256 over SHA-256(adapter_config.json) ‖ SHA-256(adapter_model.safetensors), in
    /// lower case; empty before it is written.
    /// </summary>
    public string Version { get; }

    /// <summary>Bytes that the factors take as floats.</summary>
    public long Bytes => Matrices.Values.Sum(pair => sizeof(float) * ((long)pair.A.Length + pair.B.Length));
}
