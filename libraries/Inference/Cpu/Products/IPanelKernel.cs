namespace O1Coder.Inference.Cpu;

/// <summary>
/// Products of one panel with some rows. Every method adds up a row's terms in the same order, so that a row's results do not
/// depend on its company. A type with static members only, so that the loop around it is compiled for each kernel.
/// </summary>
internal interface IPanelKernel
{
    /// <summary>The most rows that the kernel takes at once: 2, 4 or 8.</summary>
    static abstract int LargestTile { get; }

    /// <summary>One row.</summary>
    static abstract void Rows1(in PanelTile tile);

    /// <summary>Two rows.</summary>
    static abstract void Rows2(in PanelTile tile);

    /// <summary>Four rows.</summary>
    static abstract void Rows4(in PanelTile tile);

    /// <summary>Eight rows.</summary>
    static abstract void Rows8(in PanelTile tile);
}
