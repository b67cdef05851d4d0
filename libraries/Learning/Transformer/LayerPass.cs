namespace O1Coder.Learning.Transformer;

/// <summary>What all layers share in one pass.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Rotary">Their angles.</param>
/// <param name="Dropout">The adapter's dropout, or null.</param>
/// <param name="CancellationToken">Stops the pass.</param>
internal sealed record LayerPass(PackedRows Rows, Rotary Rotary, DropoutMasks? Dropout, CancellationToken CancellationToken);
