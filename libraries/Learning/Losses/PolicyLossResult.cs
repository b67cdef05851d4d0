using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>A policy loss and what one watches beside it.</summary>
/// <param name="Loss">One number, part of autograd's graph.</param>
/// <param name="ClipFraction">The share of tokens whose ratio was clipped to a worse objective.</param>
/// <param name="ApproximateKl">The mean of log π_old − log π over tokens, the estimator k1 of KL(π_old ‖ π).</param>
public readonly record struct PolicyLossResult(Tensor Loss, double ClipFraction, double ApproximateKl);
