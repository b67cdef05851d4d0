namespace O1Coder.Inference.Cpu;

/// <summary>What a kernel is given: one panel of weights, rows of activations of one group, and where results go.</summary>
internal unsafe struct PanelTile
{
    /// <summary>The panel, block by block.</summary>
    public byte* Panel;

    /// <summary>Blocks of 32 inputs.</summary>
    public int Blocks;

    /// <summary>Rows: 1 to <see cref="ActivationRows.Group"/>.</summary>
    public int Rows;

    /// <summary>The first row's codes in the first block.</summary>
    public byte* Record;

    /// <summary>Bytes from a block of codes to the next.</summary>
    public int RecordStride;

    /// <summary>Floats of the first row.</summary>
    public float* Values;

    /// <summary>Floats from a row to the next.</summary>
    public long ValueStride;

    /// <summary>Receives results: those of a row, one of a panel's outputs after another, then those of the next row. Aligned to 64 bytes.</summary>
    public float* Sums;
}
