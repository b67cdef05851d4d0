namespace O1Coder.Inference.Cpu;

/// <summary>Some panels of a packed matrix.</summary>
internal readonly unsafe struct PanelRange
{
    /// <summary>Panel 0 of the matrix.</summary>
    public byte* Start { get; init; }

    /// <summary>Bytes from a panel to the next.</summary>
    public long PanelBytes { get; init; }

    /// <summary>Blocks of 32 inputs.</summary>
    public int Blocks { get; init; }

    /// <summary>Outputs of the whole matrix.</summary>
    public int Outputs { get; init; }

    /// <summary>The first panel.</summary>
    public int First { get; init; }

    /// <summary>The panel after the last one.</summary>
    public int End { get; init; }
}
