namespace O1Coder.Inference.Cpu;

/// <summary>What a kernel is given: one panel of weights, a few rows of activations, and where results go.</summary>
internal unsafe struct PanelTile
{
    /// <summary>The panel's scales, block by block.</summary>
    public byte* Scales;

    /// <summary>The panel's codes, block by block.</summary>
    public byte* Codes;

    /// <summary>Bytes from a panel to the next.</summary>
    public long PanelBytes;

    /// <summary>Blocks of 32 inputs.</summary>
    public int Blocks;

    /// <summary>Codes of the first row in the first record: 32 bytes on lie those of the next row.</summary>
    public byte* RowCodes;

    /// <summary>Scale and sums of the first row in the first record: 16 bytes on lie those of the next row.</summary>
    public byte* RowScales;

    /// <summary>Floats of the first row.</summary>
    public float* RowValues;

    /// <summary>Floats from a row to the next.</summary>
    public long RowStride;

    /// <summary>Receives the panel's 16 results of the first row.</summary>
    public float* Results;

    /// <summary>Floats from a row of results to the next.</summary>
    public long ResultStride;
}
