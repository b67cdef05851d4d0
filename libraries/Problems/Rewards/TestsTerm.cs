using static O1Coder.Problems.RewardNumber;

namespace O1Coder.Problems;

/// <summary>
/// v = α·compile + (1−α)·pass over visible and hidden tests together; see <see cref="OutcomeReward"/>. A program that passes
/// everything has 1, whatever α rounds to.
/// </summary>
/// <param name="outcome">α.</param>
/// <param name="credit">What passing some of the tests is worth.</param>
public sealed class TestsTerm(OutcomeReward outcome, PartialCredit credit) : IRewardTerm
{
    /// <inheritdoc/>
    public string Name => "tests";

    /// <inheritdoc/>
    public TermValue Of(RewardEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Verdict is not { } verdict)
        {
            return new TermValue(evidence.TestsReward, "computed when the path was found");
        }

        var all = evidence.All;
        if (all.Total == 0)
        {
            return new TermValue(null, "there are no tests");
        }

        if (verdict is Verdict.InternalError or Verdict.Unspecified)
        {
            return new TermValue(null, "the sandbox itself failed: it says nothing about the program");
        }

        if (all.All && verdict == Verdict.Accepted)
        {
            return new TermValue(1, $"{all.Passed} of {all.Total} tests passed");
        }

        var compiles = verdict != Verdict.CompileError;
        var counted = credit == PartialCredit.AllOrNothing ? 0 : all.Passed;
        var value = outcome.Value(compiles, counted, all.Total);
        var pass = credit == PartialCredit.AllOrNothing ? "0 (all or nothing)" : $"{counted}/{all.Total}";
        return new TermValue(
            value, $"{all.Passed} of {all.Total} tests passed, {verdict}: {Short(outcome.Alpha)}·{(compiles ? 1 : 0)} + {Short(1 - outcome.Alpha)}·{pass}");
    }
}
