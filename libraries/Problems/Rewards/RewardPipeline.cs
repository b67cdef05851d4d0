using static O1Coder.Problems.RewardNumber;

namespace O1Coder.Problems;

/// <summary>
/// The one place where a program's reward is made: R, the weighted mean of terms less the overfit penalty, and with process
/// rewards φ = α(t)·R + (1 − α(t))·(1/m)·Σ γ^j·r_j (<see cref="AggregatedReward"/>).
/// </summary>
public sealed class RewardPipeline
{
    private const string Overfit = "overfit";

    private readonly RewardOptions _options;
    private readonly IReadOnlyList<(IRewardTerm Term, double Weight)> _terms;

    /// <summary>Makes the pipeline.</summary>
    /// <param name="options">What is rewarded.</param>
    /// <param name="further">Further terms, each with its weight, of at least 0.</param>
    /// <exception cref="ArgumentException">An option or a weight is out of range; the message names it.</exception>
    public RewardPipeline(RewardOptions options, params IReadOnlyList<(IRewardTerm Term, double Weight)> further)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(further);
        options.Validate();
        foreach (var (term, weight) in further)
        {
            if (!(double.IsFinite(weight) && weight >= 0))
            {
                throw new ArgumentException(FormattableString.Invariant($"weight of {term.Name} is '{weight}': expected a finite number of at least 0"), nameof(further));
            }
        }

        _options = options;
        _terms =
        [
            (new TestsTerm(new OutcomeReward(options.CompileWeight), options.Credit), options.TestsWeight),
            (new EfficiencyTerm(), options.EfficiencyWeight),
            (new ReadabilityTerm(), options.ReadabilityWeight),
            (new ConditionsTerm(), options.ConditionsWeight),
            .. further,
        ];
    }

    /// <summary>The reward of one program.</summary>
    /// <param name="evidence">What is known of it.</param>
    /// <param name="step">t, from 0: where training stands.</param>
    /// <exception cref="ArgumentException">The evidence cannot be; the message names the field.</exception>
    public RewardReport Evaluate(RewardEvidence evidence, int step = 0)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        evidence.Check();
        var values = _terms.Select(one => (one.Term.Name, one.Weight, Value: Checked(one.Term, evidence))).ToList();
        var weights = values.Where(one => one.Value.Value is not null).Sum(one => one.Weight);
        var parts = values.Select(one => new RewardPart(
            one.Name, one.Value.Value, one.Weight,
            one.Value.Value is { } value && weights > 0 ? value * one.Weight / weights : 0, one.Value.Explanation)).ToList();
        parts.Add(OverfitPart(evidence));
        var isJudged = evidence.Verdict is not (Verdict.InternalError or Verdict.Unspecified) && weights > 0;
        double? outcome = isJudged ? Math.Clamp(parts.Sum(part => part.Contribution), 0, 1) : null;
        return Total(evidence, step, parts, outcome);
    }

    private RewardReport Total(RewardEvidence evidence, int step, List<RewardPart> parts, double? outcome)
    {
        double? alpha = evidence.Process is null ? null : _options.Schedule.At(step);
        double? process = evidence.Process is { } rewards ? AggregatedReward.ProcessPart(rewards, _options.Gamma, _options.FirstExponent) : null;
        var (total, words) = (outcome, evidence.Process) switch
        {
            (null, _) => ((double?)null, "no reward: nothing that is rewarded could be judged"),
            ({ } r, null) => (r, $"R = {Short(r)}; no process reward was asked for"),
            ({ } r, { } steps) => (
                AggregatedReward.Phi(r, steps, alpha!.Value, _options.Gamma, _options.FirstExponent),
                $"{Short(alpha.Value)}·{Short(r)} + {Short(1 - alpha.Value)}·{Short(process!.Value)} with α({step}) = {Short(alpha.Value)}, m = {steps.Count}, γ = {Short(_options.Gamma)}"),
        };
        return new RewardReport
        {
            Parts = parts,
            Outcome = outcome,
            Process = process,
            Alpha = alpha,
            Total = total,
            IsOverfit = evidence.IsOverfit,
            Explanation = words,
        };
    }

    private RewardPart OverfitPart(RewardEvidence evidence)
    {
        if (!evidence.IsOverfit)
        {
            var reason = evidence.Hidden is null or { Total: 0 } ? "no hidden test was run"
                : evidence.Visible.All ? "every hidden test passes" : "the program does not pass the visible tests";
            return new RewardPart(Overfit, evidence.Hidden is null or { Total: 0 } ? null : 0, 0 - _options.OverfitPenalty, 0, reason);
        }

        var hidden = evidence.Hidden!.Value;
        var failed = (double)(hidden.Total - hidden.Passed) / hidden.Total;
        return new RewardPart(
            Overfit, failed, 0 - _options.OverfitPenalty, 0 - (_options.OverfitPenalty * failed),
            $"every visible test passes and {hidden.Total - hidden.Passed} of {hidden.Total} hidden ones fail");
    }

    private static TermValue Checked(IRewardTerm term, RewardEvidence evidence)
    {
        var value = term.Of(evidence);
        return value.Value is null or (>= 0 and <= 1)
            ? value
            : throw new ArgumentException(FormattableString.Invariant($"the value of {term.Name} is '{value.Value}': expected a number from 0 to 1"), nameof(evidence));
    }
}
