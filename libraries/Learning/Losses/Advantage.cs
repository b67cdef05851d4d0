using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>Advantage estimators. None is part of autograd's graph.</summary>
public static class Advantage
{
    private const double WhiteningEpsilon = 1e-8;

    /// <summary>
    /// Generalised advantage estimation (arXiv 1506.02438, equation 16): A_t = δ_t + γλ·A_{t+1}, δ_t = r_t + γ·V_{t+1} − V_t. A
    /// token that does not count hands on what stands behind it.
    /// </summary>
    /// <param name="rewards">[sequences, tokens]: r.</param>
    /// <param name="values">[sequences, tokens]: V.</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts; at least two must where whitened.</param>
    /// <param name="gamma">γ.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="whiten">
    /// Whether advantages are moved and scaled to a mean of 0 and a variance of 1 (unbiased) over the tokens that count.
    /// </param>
    /// <exception cref="ArgumentException">Shapes differ, or too few tokens count to whiten.</exception>
    public static AdvantageEstimate Generalized(Tensor rewards, Tensor values, Tensor mask, double gamma, double lambda, bool whiten)
    {
        Shapes.RequireMatrices(rewards, values, mask);
        using var quiet = no_grad();
        var columns = new Tensor[rewards.shape[1]];
        var next = zeros(rewards.shape[0], dtype: rewards.dtype, device: rewards.device);
        var behind = next;
        for (var t = columns.Length - 1; t >= 0; t--)
        {
            var value = values.select(1, t);
            var counts = mask.select(1, t);
            var delta = rewards.select(1, t) + (gamma * next) - value;
            columns[t] = delta + (gamma * lambda * behind);

            // Behind a token that does not count, the last one that does is what comes next.
            next = (value * counts) + (next * (1 - counts));
            behind = (columns[t] * counts) + (behind * (1 - counts));
            columns[t] = behind;
        }

        var advantages = stack(columns, 1);
        var returns = advantages + values;
        return new AdvantageEstimate(whiten ? Whiten(advantages, mask) : advantages, returns);
    }

    /// <summary>
    /// Group-relative advantages (arXiv 2402.03300, section 4.1.2): (score − mean) / (std + ε) over the group, with the unbiased
    /// standard deviation; a group of one keeps its score, divided by 1 + ε. Without the division: Dr. GRPO (arXiv 2503.20783).
    /// </summary>
    /// <param name="scores">[sequences]: one score each.</param>
    /// <param name="groups">Each sequence's group: the prompt that it answers.</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts.</param>
    /// <param name="normalize">Whether the standard deviation is divided by.</param>
    /// <param name="epsilon">ε.</param>
    /// <returns>[sequences, tokens]: the sequence's advantage where a token counts, else 0.</returns>
    /// <exception cref="ArgumentException">Scores, groups and mask are not of one length.</exception>
    public static Tensor GroupRelative(Tensor scores, IReadOnlyList<long> groups, Tensor mask, bool normalize, double epsilon) =>
        PerSequence(scores, groups, mask, (score, group) =>
        {
            var mean = group.Length > 1 ? group.Average() : 0;
            var deviation = group.Length > 1 ? Math.Sqrt(group.Sum(other => (other - mean) * (other - mean)) / (group.Length - 1)) : 1;
            return normalize ? (score - mean) / (deviation + epsilon) : score - mean;
        });

    /// <summary>
    /// REINFORCE leave-one-out (arXiv 2402.14740, equation 8): the score less the mean of the others of its group; a group of
    /// one keeps its score.
    /// </summary>
    /// <param name="scores">[sequences]: one score each.</param>
    /// <param name="groups">Each sequence's group: the prompt that it answers.</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts.</param>
    /// <returns>[sequences, tokens]: the sequence's advantage where a token counts, else 0.</returns>
    /// <exception cref="ArgumentException">Scores, groups and mask are not of one length.</exception>
    public static Tensor LeaveOneOut(Tensor scores, IReadOnlyList<long> groups, Tensor mask) =>
        PerSequence(scores, groups, mask, (score, group) =>
            group.Length > 1 ? (score - group.Average()) * group.Length / (group.Length - 1) : score);

    private static Tensor PerSequence(Tensor scores, IReadOnlyList<long> groups, Tensor mask, Func<double, double[], double> advantage)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Shapes.RequireVectors(scores);
        if (groups.Count != scores.shape[0] || mask.dim() != 2 || mask.shape[0] != scores.shape[0])
        {
            throw new ArgumentException(
                $"there are {scores.shape[0]} scores, {groups.Count} groups and a mask of [{string.Join(", ", mask.shape)}]: expected one length");
        }

        using var quiet = no_grad();
        var numbers = scores.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var members = groups.Select((group, i) => (Group: group, Score: numbers[i]))
            .GroupBy(member => member.Group, member => member.Score)
            .ToDictionary(group => group.Key, group => group.ToArray());
        var advantages = numbers.Select((score, i) => advantage(score, members[groups[i]])).ToArray();
        return tensor(advantages, dtype: mask.dtype, device: mask.device).unsqueeze(1) * mask;
    }

    private static Tensor Whiten(Tensor advantages, Tensor mask)
    {
        var count = mask.sum().to(ScalarType.Float64).item<double>();
        if (count < 2)
        {
            throw new ArgumentException($"{count} tokens count: expected at least 2 to whiten", nameof(mask));
        }

        var mean = (advantages * mask).sum() / count;
        var variance = ((advantages - mean).square() * mask).sum() / (count - 1);
        return (advantages - mean) * (variance + WhiteningEpsilon).rsqrt();
    }
}
