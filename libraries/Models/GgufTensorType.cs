using System.Diagnostics.CodeAnalysis;

namespace O1Coder.Models;

/// <summary>How a tensor's elements are stored; the numbers are ggml's own.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The names by which everyone knows these types.")]
public enum GgufTensorType
{
    /// <summary>IEEE single precision.</summary>
    F32 = 0,

    /// <summary>IEEE half precision.</summary>
    F16 = 1,

    /// <summary>Blocks of 32: a half-precision scale d, then 16 bytes of nibbles q; value (q − 8)·d.</summary>
    Q4_0 = 2,

    /// <summary>Blocks of 32: half-precision scale d and minimum m, then 16 bytes of nibbles q; value q·d + m.</summary>
    Q4_1 = 3,

    /// <summary>Blocks of 32: a half-precision scale d, 32 fifth bits, then 16 bytes of nibbles; value (q − 16)·d.</summary>
    Q5_0 = 6,

    /// <summary>Blocks of 32: half-precision scale d and minimum m, 32 fifth bits, then 16 bytes of nibbles; value q·d + m.</summary>
    Q5_1 = 7,

    /// <summary>Blocks of 32: a half-precision scale d, then 32 signed bytes q; value q·d.</summary>
    Q8_0 = 8,

    /// <summary>Blocks of 256, 2 bits.</summary>
    Q2_K = 10,

    /// <summary>Blocks of 256, 3 bits.</summary>
    Q3_K = 11,

    /// <summary>Blocks of 256 in eight parts with 6-bit scales and minimums of their own, 4 bits an element.</summary>
    Q4_K = 12,

    /// <summary>Blocks of 256 in eight parts with 6-bit scales and minimums of their own, 5 bits an element.</summary>
    Q5_K = 13,

    /// <summary>Blocks of 256 in sixteen parts with 8-bit scales of their own, 6 bits an element.</summary>
    Q6_K = 14,

    /// <summary>Signed bytes.</summary>
    I8 = 24,

    /// <summary>Signed 16-bit integers.</summary>
    I16 = 25,

    /// <summary>Signed 32-bit integers.</summary>
    I32 = 26,

    /// <summary>Signed 64-bit integers.</summary>
    I64 = 27,

    /// <summary>IEEE double precision.</summary>
    F64 = 28,

    /// <summary>The upper half of a single-precision number.</summary>
    BF16 = 30,
}
