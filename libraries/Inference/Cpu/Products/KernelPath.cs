namespace O1Coder.Inference.Cpu;

/// <summary>The instruction sets for which there are kernels, worst to best.</summary>
internal enum KernelPath
{
    /// <summary>Vectors of 128 bits: any machine, Arm included.</summary>
    Vector128,

    /// <summary>AVX2 with FMA.</summary>
    Avx2,

    /// <summary>AVX-512 F and BW.</summary>
    Avx512,
}
