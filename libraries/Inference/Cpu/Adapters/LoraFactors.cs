namespace O1Coder.Inference.Cpu;

/// <summary>One adapted matrix' factors outside the managed heap, as codes and scales of one <see cref="IFactorFormat"/>.</summary>
/// <param name="rank">The adapter's rank.</param>
/// <param name="inputs">The matrix' width.</param>
/// <param name="outputs">Its height.</param>
internal sealed unsafe class LoraFactors(int rank, int inputs, int outputs)
{
    /// <summary>Outputs of a tile of B; the last one may have fewer.</summary>
    public const int TileOutputs = 64;

    /// <summary>The adapter's rank.</summary>
    public int Rank => rank;

    /// <summary>The matrix' width.</summary>
    public int Inputs => inputs;

    /// <summary>The matrix' height.</summary>
    public int Outputs => outputs;

    /// <summary>A's codes, [rank, inputs].</summary>
    public required byte* A { get; init; }

    /// <summary>B's codes: [tile][rank][its outputs]. So what is read together lies together, and streams.</summary>
    public required byte* B { get; init; }

    /// <summary>What x·Aᵀ is multiplied with for both, [rank].</summary>
    public required float* Scales { get; init; }

    /// <summary>Outputs of the tile in which an output is: the distance of its ranks.</summary>
    public int TileWidth(int output) => Math.Min(TileOutputs, outputs - (output / TileOutputs * TileOutputs));

    /// <summary>Codes from B's beginning to an output of its first rank; the others follow it tile width by tile width.</summary>
    public long Offset(int output) => ((long)output / TileOutputs * TileOutputs * rank) + (output % TileOutputs);
}
