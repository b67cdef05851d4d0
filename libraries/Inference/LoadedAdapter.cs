namespace O1Coder.Inference;

/// <summary>A LoRA adapter that an engine serves.</summary>
/// <param name="Version">What requests name; from the adapter's files.</param>
/// <param name="Rank">Rank r.</param>
/// <param name="Bytes">Bytes it takes in memory.</param>
public sealed record LoadedAdapter(string Version, int Rank, long Bytes);
