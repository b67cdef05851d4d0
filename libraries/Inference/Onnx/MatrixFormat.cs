namespace O1Coder.Inference.Onnx;

/// <summary>How the graph holds a matrix.</summary>
internal enum MatrixFormat
{
    /// <summary>Floats, row-major.</summary>
    Float32,

    /// <summary>4 bits in blocks of 32 with one scale, as Q4_0, exactly.</summary>
    Q40,

    /// <summary>8 bits in blocks of 32 with one scale, as Q8_0, exactly.</summary>
    Q80,
}
