namespace O1Coder.Models;

/// <summary>Sizes of <see cref="GgufTensorType"/>, as ggml's type traits give them.</summary>
public static class GgufTensorTypes
{
    /// <summary>Elements that are stored together; a row's length is a multiple of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No known type.</exception>
    public static int BlockLength(this GgufTensorType type) => Layout(type).Elements;

    /// <summary>Bytes that one block takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No known type.</exception>
    public static int BlockBytes(this GgufTensorType type) => Layout(type).Bytes;

    private static (int Elements, int Bytes) Layout(GgufTensorType type) => type switch
    {
        GgufTensorType.I8 => (1, 1),
        GgufTensorType.F16 or GgufTensorType.BF16 or GgufTensorType.I16 => (1, 2),
        GgufTensorType.F32 or GgufTensorType.I32 => (1, 4),
        GgufTensorType.F64 or GgufTensorType.I64 => (1, 8),
        GgufTensorType.Q4_0 => (32, 18),
        GgufTensorType.Q4_1 => (32, 20),
        GgufTensorType.Q5_0 => (32, 22),
        GgufTensorType.Q5_1 => (32, 24),
        GgufTensorType.Q8_0 => (32, 34),
        GgufTensorType.Q2_K => (256, 84),
        GgufTensorType.Q3_K => (256, 110),
        GgufTensorType.Q4_K => (256, 144),
        GgufTensorType.Q5_K => (256, 176),
        GgufTensorType.Q6_K => (256, 210),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown tensor type"),
    };
}
