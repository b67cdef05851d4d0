using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>
/// Means over tokens that count. Like all losses here: pure, in the precision of what is given, part of autograd's graph,
/// and leaving temporary tensors to the caller's dispose scope.
/// </summary>
public static class Aggregation
{
    /// <summary>One number from the losses of single tokens.</summary>
    /// <param name="losses">[sequences, tokens].</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts, else 0.</param>
    /// <param name="kind">How. A mean over sequences leaves those out in which nothing counts.</param>
    /// <exception cref="ArgumentException">The shapes differ or are no matrices.</exception>
    public static Tensor Aggregate(Tensor losses, Tensor mask, LossAggregation kind)
    {
        Shapes.RequireMatrices(losses, mask);
        var masked = losses * mask;
        switch (kind)
        {
            case LossAggregation.TokenMean:
                return masked.sum() / mask.sum();
            case LossAggregation.SequenceMeanTokenSumNorm:
                return masked.sum() / mask.shape[1];
            case LossAggregation.SequenceMeanTokenSum:
                return masked.sum() / mask.sum(1).gt(0).sum();
            case LossAggregation.SequenceMeanTokenMean:
                var counts = mask.sum(1);
                return (masked.sum(1) / counts.clamp_min(1)).sum() / counts.gt(0).sum();
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "expected a known aggregation");
        }
    }

    /// <summary>The mean over all tokens that count, outside autograd: for what is only told.</summary>
    internal static double Mean(Tensor values, Tensor mask)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return ((values * mask).sum() / mask.sum()).to(ScalarType.Float64).item<double>();
    }
}
