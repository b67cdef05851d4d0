namespace O1Coder.Search;

/// <summary>
/// Priors P of the steps that one expansion brought, as a softmax over their mean log-probabilities a token: the steps
/// were sampled, so their own probability says how much of the policy stands behind each, and the mean keeps a long step
/// from counting as an unlikely one. (AlphaZero, Silver et al. 2017, arXiv 1712.01815, has a policy head over all moves,
/// which a language model has not over steps.)
/// </summary>
internal static class Priors
{
    /// <summary>One prior a proposal, which sum to 1; null where none are wanted.</summary>
    /// <exception cref="InvalidOperationException">A proposal has no log-probability.</exception>
    public static IReadOnlyList<double>? Of(Wanted want, IReadOnlyList<Proposal> proposals) =>
        want.HasFlag(Wanted.Priors) ? Softmax([.. proposals.Select(MeanOf)]) : null;

    /// <summary>exp(x_i) / Σ exp(x_j), moved by the largest so that nothing overflows.</summary>
    public static IReadOnlyList<double> Softmax(IReadOnlyList<double> logits)
    {
        if (logits.Count == 0)
        {
            return [];
        }

        var largest = logits.Max();
        var weights = logits.Select(logit => Math.Exp(logit - largest)).ToList();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private static double MeanOf(Proposal proposal) => proposal.LogProbability is { } sum && double.IsFinite(sum)
        ? sum / Math.Max(1, proposal.Tokens)
        : throw new InvalidOperationException($"the proposer gave log-probability '{proposal.LogProbability}': expected a finite number");
}
