namespace O1Coder.Inference.Cpu;

/// <summary>Where a row of a step belongs.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="Position">The token's position in it.</param>
/// <param name="Token">The token.</param>
internal readonly record struct RowPlace(PagedSequence Sequence, int Position, int Token);
