using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>A value loss and what one watches beside it.</summary>
/// <param name="Loss">One number, part of autograd's graph.</param>
/// <param name="ClipFraction">The share of tokens at which the clipped value was the worse one.</param>
public readonly record struct ValueLossResult(Tensor Loss, double ClipFraction);
