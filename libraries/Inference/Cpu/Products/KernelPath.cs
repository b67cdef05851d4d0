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

    /// <summary>The same, with machine code for 4- and 8-bit products that uses AVX-512 VNNI; Linux on x64.</summary>
    Avx512Vnni,
}
