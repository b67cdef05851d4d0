using System.Runtime.Intrinsics.X86;
using O1Coder.Learning.Training;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>What base weights are held in, and what products with them are computed in.</summary>
/// <param name="Stored">The held weights' type.</param>
/// <param name="Computed">The products' type; where it is wider than <paramref name="Stored"/>, weights are widened a layer at a time.</param>
internal readonly record struct ProductPrecision(ScalarType Stored, ScalarType Computed)
{
    /// <summary>Whether weights are widened before each product.</summary>
    public bool Widened => Stored != Computed;

    /// <summary>What this processor does best.</summary>
    public static ProductPrecision Choose(BasePrecision precision) => precision switch
    {
        BasePrecision.Float32 => new(ScalarType.Float32, ScalarType.Float32),
        _ => new(ScalarType.BFloat16, HasFastBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32),
    };

    // Measured with libtorch 2.10: where AVX512_BF16 is all there is, 16-bit products have two to four times the rate of
    // 32-bit ones on AMD's Zen 4 and 0.6 times on Intel's cores; with tile registers (AMX) they are faster everywhere.
    // A rule, not a measurement at run time: a resumed run must choose what the first one chose.
    private static bool HasFastBFloat16
    {
        get
        {
            if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            {
                return false;
            }

            const int Amd = 0x68747541;
            var tiles = (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0;
            var vectors = X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
            return tiles || (vectors && X86Base.CpuId(0, 0).Ebx == Amd);
        }
    }
}
