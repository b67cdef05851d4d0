using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>A preference loss and what one watches beside it.</summary>
/// <param name="Loss">The mean over pairs, part of autograd's graph.</param>
/// <param name="ChosenRewards">[pairs]: β·(log π − log π_ref) of the better answers, outside autograd.</param>
/// <param name="RejectedRewards">[pairs]: the same of the worse ones.</param>
public readonly record struct PreferenceLossResult(Tensor Loss, Tensor ChosenRewards, Tensor RejectedRewards);
