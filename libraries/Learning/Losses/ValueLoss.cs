using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>The clipped value loss of PPO.</summary>
public static class ValueLoss
{
    /// <summary>
    /// ½·max((V − R)², (clip(V, V_old − ε, V_old + ε) − R)²), the value loss that PPO's reference implementation uses (arXiv
    /// 1707.06347 itself has the square alone; arXiv 2005.12729, section 3, names the clipping).
    /// </summary>
    /// <param name="predicted">[sequences, tokens]: V, with gradient.</param>
    /// <param name="returns">[sequences, tokens]: R.</param>
    /// <param name="oldValues">[sequences, tokens]: V_old.</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts, at least once.</param>
    /// <param name="clip">ε, at least 0.</param>
    /// <param name="aggregation">How tokens become one number.</param>
    /// <exception cref="ArgumentException">Shapes differ, or ε is negative.</exception>
    public static ValueLossResult Clipped(
        Tensor predicted, Tensor returns, Tensor oldValues, Tensor mask, double clip, LossAggregation aggregation)
    {
        Shapes.RequireMatrices(predicted, returns, oldValues, mask);
        ArgumentOutOfRangeException.ThrowIfNegative(clip);
        var clipped = maximum(minimum(predicted, oldValues + clip), oldValues - clip);
        var plain = (predicted - returns).square();
        var held = (clipped - returns).square();
        return new ValueLossResult(
            0.5 * Aggregation.Aggregate(maximum(plain, held), mask, aggregation),
            Aggregation.Mean(held.gt(plain).to(mask.dtype), mask));
    }
}
