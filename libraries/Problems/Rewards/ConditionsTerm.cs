namespace O1Coder.Problems;

/// <summary>
/// The share of proved ones among the postconditions that were proved or refuted. What was not checked, or remained
/// unknown, counts neither way.
/// </summary>
public sealed class ConditionsTerm : IRewardTerm
{
    /// <inheritdoc/>
    public string Name => "conditions";

    /// <inheritdoc/>
    public TermValue Of(RewardEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var counts = evidence.Conditions.CountBy(one => one.Outcome).ToDictionary();
        var (proved, refuted) = (counts.GetValueOrDefault(ConditionOutcome.Proved), counts.GetValueOrDefault(ConditionOutcome.Refuted));
        var words = evidence.Conditions.Count == 0
            ? "no postcondition was looked at"
            : $"{proved} proved, {refuted} refuted, {counts.GetValueOrDefault(ConditionOutcome.Unknown)} unknown, {counts.GetValueOrDefault(ConditionOutcome.NotChecked)} not checked";
        return new TermValue(proved + refuted > 0 ? (double)proved / (proved + refuted) : null, words);
    }
}
