namespace O1Coder.Inference.Cpu;

/// <summary>
/// Products of one panel with some rows. A row's terms are added up in the same order whatever its company. A type with static
/// members only, so that the loop around it is compiled for each kernel.
/// </summary>
internal interface IPanelKernel
{
    /// <summary>Leaves all results of a tile in its <see cref="PanelTile.Sums"/>.</summary>
    static abstract void Multiply(in PanelTile tile);
}
