using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>Advantages and what values are to become.</summary>
/// <param name="Advantages">[sequences, tokens].</param>
/// <param name="Returns">[sequences, tokens]: advantages before whitening, plus values.</param>
public readonly record struct AdvantageEstimate(Tensor Advantages, Tensor Returns);
