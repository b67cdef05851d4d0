using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// How a block of 32 inputs of 16 outputs lies in a panel. Inputs are kept in four groups; group q has inputs 4q … 4q + 3 and,
/// sixteen further on, 16 + 4q … 16 + 4q + 3: its places 0 to 3 and 4 to 7. A type with static members only, so that a kernel
/// is compiled for each.
/// </summary>
internal unsafe interface IPanelFormat
{
    /// <summary>The format's name.</summary>
    static abstract string Name { get; }

    /// <summary>In which of ggml's layouts a block comes.</summary>
    static abstract GgufTensorType Stored { get; }

    /// <summary>Bytes of a block's scales, minima included; 0 where there are none.</summary>
    static abstract int ScaleBytes { get; }

    /// <summary>Bytes of a block's codes.</summary>
    static abstract int CodeBytes { get; }

    /// <summary>Puts one output's block of 32 in its place.</summary>
    /// <param name="stored">The block as ggml stores it.</param>
    /// <param name="scales">The block's scales.</param>
    /// <param name="codes">The block's codes.</param>
    /// <param name="lane">The output's place in the panel, 0 to 15.</param>
    static abstract void Put(byte* stored, byte* scales, byte* codes, int lane);

    /// <summary>The 32 weights of one output's block, as exactly as a float has them.</summary>
    static abstract void Get(byte* scales, byte* codes, int lane, float* destination);
}
