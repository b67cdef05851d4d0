using static O1Coder.Problems.RewardNumber;

namespace O1Coder.Problems;

/// <summary>
/// What a program costs beside the reference solution on the same tests: 1 ÷ max(1, relative cost), so that one twice as
/// slow has a half. A program that does not pass every test has 0: a fast wrong answer is worth nothing.
/// </summary>
public sealed class EfficiencyTerm : IRewardTerm
{
    /// <inheritdoc/>
    public string Name => "efficiency";

    /// <inheritdoc/>
    public TermValue Of(RewardEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!evidence.PassesAll)
        {
            return new TermValue(0, "the program does not pass every test");
        }

        return evidence.Costs switch
        {
            null => new TermValue(null, "the program was not measured"),
            { RelativeCost: 0 } => new TermValue(null, "there is no reference solution to measure it by"),
            var costs => new TermValue(
                1 / Math.Max(1, costs.RelativeCost),
                $"{Short(costs.RelativeCost)} times the reference solution's {(costs.CostUnit == "cpu" ? "CPU time" : costs.CostUnit)}: 1/max(1, {Short(costs.RelativeCost)})"),
        };
    }
}
