using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// How a block of 32 inputs of 16 outputs lies in a panel. Codes of four and eight bits are kept in four groups; group q has
/// inputs 4q … 4q + 3 and, sixteen further on, 16 + 4q … 16 + 4q + 3. A type with static members only, so that a kernel is
/// compiled for each.
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

    /// <summary>Bytes from a lane's codes to the next lane's: 4 or 2.</summary>
    static abstract int LaneBytes { get; }

    /// <summary>Bytes from an input's place to the next one's in its group.</summary>
    static abstract int InputBytes { get; }

    /// <summary>Puts one output's block of 32 in its place.</summary>
    /// <param name="stored">The block as ggml stores it.</param>
    /// <param name="scales">The block's scales.</param>
    /// <param name="codes">The block's codes.</param>
    /// <param name="lane">The output's place in the panel, 0 to 15.</param>
    static abstract void Put(byte* stored, byte* scales, byte* codes, int lane);

    /// <summary>The 32 weights of one output's block, as exactly as a float has them.</summary>
    static abstract void Get(byte* scales, byte* codes, int lane, float* destination);

    /// <summary>An input of a group and that sixteen further on as floats, before their scale.</summary>
    /// <param name="codes">The input's place, from the first lane wanted on. Up to three bytes beyond a block may be read.</param>
    static abstract (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct;
}
