using static O1Coder.Problems.RewardNumber;

namespace O1Coder.Problems;

/// <summary>
/// How long and how branched a program is: ½·1/max(1, lines ÷ L) + ½·1/max(1, complexity ÷ C), with L and C the reference
/// solution's, or 40 lines and McCabe's bound of 10 (McCabe, A Complexity Measure, 1976) where there is none. A program
/// that does not pass every test has 0.
/// </summary>
public sealed class ReadabilityTerm : IRewardTerm
{
    private const int ManyLines = 40;
    private const int ManyBranches = 10;

    /// <inheritdoc/>
    public string Name => "readability";

    /// <inheritdoc/>
    public TermValue Of(RewardEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!evidence.PassesAll)
        {
            return new TermValue(0, "the program does not pass every test");
        }

        if (evidence.Costs is not { Lines: > 0, CyclomaticComplexity: > 0 } own)
        {
            return new TermValue(null, "the program was not measured");
        }

        var (lines, branches, by) = evidence.ReferenceCosts is { Lines: > 0, CyclomaticComplexity: > 0 } reference
            ? (reference.Lines, reference.CyclomaticComplexity, "the reference solution's")
            : (ManyLines, ManyBranches, "the bounds of");
        var value = (0.5 / Math.Max(1, (double)own.Lines / lines)) + (0.5 / Math.Max(1, (double)own.CyclomaticComplexity / branches));
        return new TermValue(value, $"{own.Lines} lines and complexity {own.CyclomaticComplexity} beside {by} {lines} and {branches}: {Short(value)}");
    }
}
