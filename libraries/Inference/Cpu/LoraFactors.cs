namespace O1Coder.Inference.Cpu;

/// <summary>One adapted matrix' factors as floats outside the managed heap.</summary>
/// <param name="a">A, [rank, inputs].</param>
/// <param name="b">B, with the adapter's scale in it, by tiles of <see cref="TileOutputs"/> outputs: [tile][rank][its outputs].</param>
/// <param name="inputs">The matrix' width.</param>
/// <param name="outputs">Its height.</param>
internal sealed unsafe class LoraFactors(float* a, float* b, int inputs, int outputs)
{
    /// <summary>Outputs of a tile of B; the last one may have fewer.</summary>
    public const int TileOutputs = 64;

    /// <summary>A, [rank, inputs].</summary>
    public float* A => a;

    /// <summary>
    /// B, with the adapter's scale in it: [tile][rank][its outputs]. So what is read together lies together, and streams.
    /// </summary>
    public float* B => b;

    /// <summary>The matrix' width.</summary>
    public int Inputs => inputs;

    /// <summary>The matrix' height.</summary>
    public int Outputs => outputs;

    /// <summary>Outputs of the tile in which an output is: the distance of its ranks.</summary>
    public int TileWidth(int output) => TileWidth(output, outputs);

    /// <summary>The same of a matrix of any height.</summary>
    public static int TileWidth(int output, int outputs) => Math.Min(TileOutputs, outputs - (output / TileOutputs * TileOutputs));

    /// <summary>Floats from B's beginning to an output of its first rank; the others follow tile width by tile width.</summary>
    public static long Offset(int output, int rank) => ((long)output / TileOutputs * TileOutputs * rank) + (output % TileOutputs);
}
