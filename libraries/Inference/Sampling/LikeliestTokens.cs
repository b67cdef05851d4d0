using System.Numerics;

namespace O1Coder.Inference.Sampling;

/// <summary>Finds the few largest logits in one pass that looks at whole vectors and skips those below the least one kept.</summary>
internal static class LikeliestTokens
{
    /// <summary>The likeliest tokens, the likeliest first, of equal ones the lowest id first.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="logSum">log Σ exp(logits).</param>
    /// <param name="count">How many; fewer come back only from a smaller vocabulary.</param>
    public static TokenLogProbability[] Find(ReadOnlySpan<float> logits, float logSum, int count)
    {
        var best = new TokenLogProbability[Math.Min(count, logits.Length)];
        Find(logits, logSum, best.AsSpan());
        return best;
    }

    /// <summary>The likeliest tokens, likewise.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="logSum">log Σ exp(logits).</param>
    /// <param name="best">Takes them; no longer than the vocabulary.</param>
    public static void Find(ReadOnlySpan<float> logits, float logSum, Span<TokenLogProbability> best)
    {
        var width = Vector<float>.Count;
        var kept = 0;
        var least = float.NegativeInfinity;
        for (var start = 0; start < logits.Length; start += width)
        {
            var end = Math.Min(start + width, logits.Length);
            if (kept == best.Length && end - start == width
                && !Vector.GreaterThanAny(new Vector<float>(logits[start..]), new Vector<float>(least)))
            {
                continue;
            }

            for (var token = start; token < end; token++)
            {
                if (kept == best.Length && !(logits[token] > least))
                {
                    continue;
                }

                var at = kept < best.Length ? kept++ : kept - 1;
                for (; at > 0 && logits[token] > best[at - 1].LogProbability; at--)
                {
                    best[at] = best[at - 1];
                }

                best[at] = new TokenLogProbability(token, logits[token]);
                least = best[kept - 1].LogProbability;
            }
        }

        for (var i = 0; i < best.Length; i++)
        {
            best[i] = best[i] with { LogProbability = best[i].LogProbability - logSum };
        }
    }
}
