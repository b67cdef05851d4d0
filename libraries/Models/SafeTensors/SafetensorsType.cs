using System.Diagnostics.CodeAnalysis;

namespace O1Coder.Models;

/// <summary>How a tensor's elements are stored in a safetensors file; the names are the format's own.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The names by which everyone knows these types.")]
public enum SafetensorsType
{
    /// <summary>Booleans, one byte each.</summary>
    BOOL,

    /// <summary>Unsigned bytes.</summary>
    U8,

    /// <summary>Signed bytes.</summary>
    I8,

    /// <summary>8-bit floats with 5 bits of exponent.</summary>
    F8_E5M2,

    /// <summary>8-bit floats with 4 bits of exponent.</summary>
    F8_E4M3,

    /// <summary>Signed 16-bit integers.</summary>
    I16,

    /// <summary>Unsigned 16-bit integers.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a single-precision number.</summary>
    BF16,

    /// <summary>Signed 32-bit integers.</summary>
    I32,

    /// <summary>Unsigned 32-bit integers.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>Signed 64-bit integers.</summary>
    I64,

    /// <summary>Unsigned 64-bit integers.</summary>
    U64,
}
