namespace O1Coder.Problems.Tests;

public sealed class RewardPipelineTests
{
    private const double Near = 1e-12;

    private static RewardEvidence Passing { get; } = new()
    {
        Verdict = Verdict.Accepted,
        Visible = new TestCount(3, 3),
        Hidden = new TestCount(2, 2),
        Costs = new ProgramCosts { CpuSeconds = 0.5, RelativeCost = 2.5, Lines = 12, CyclomaticComplexity = 4 },
        ReferenceCosts = new ProgramCosts { CpuSeconds = 0.2, RelativeCost = 1, Lines = 8, CyclomaticComplexity = 2 },
    };

    [Theory]
    [InlineData(PartialCredit.Fraction, 0.1, Verdict.WrongAnswer, 2, 4, 0.55)] // 0.1·1 + 0.9·2/4
    [InlineData(PartialCredit.AllOrNothing, 0.1, Verdict.WrongAnswer, 3, 4, 0.1)] // 0.1·1 + 0.9·0
    [InlineData(PartialCredit.AllOrNothing, 0.1, Verdict.Accepted, 4, 4, 1)]
    [InlineData(PartialCredit.Fraction, 0, Verdict.RuntimeError, 0, 4, 0)] // the paper's code: as little as one that does not parse
    [InlineData(PartialCredit.Fraction, 0.1, Verdict.CompileError, 0, 4, 0)]
    [InlineData(PartialCredit.Fraction, 1, Verdict.WrongAnswer, 0, 4, 1)]
    public void Compiling_and_passing(PartialCredit credit, double alpha, Verdict verdict, int passed, int total, double expected)
    {
        var pipeline = new RewardPipeline(new RewardOptions { CompileWeight = alpha, Credit = credit });
        var report = pipeline.Evaluate(new RewardEvidence { Verdict = verdict, Visible = new TestCount(passed, total) });
        Assert.Equal(expected, report.Outcome!.Value, Near);
        Assert.Equal(expected, report.Total!.Value, Near);
        Assert.Null(report.Process);
        Assert.Null(report.Alpha);
        Assert.All(report.Parts, part => Assert.NotEmpty(part.Explanation));
    }

    [Fact]
    public void Costs_and_shape_are_weighed_beside_the_tests()
    {
        // efficiency 1/2.5 = 0.4; readability ½·8/12 + ½·2/4 = 1/3 + 1/4 = 7/12; (4·1 + 1·0.4 + 1·7/12)/6 = 299/360
        var report = new RewardPipeline(new RewardOptions { TestsWeight = 4, EfficiencyWeight = 1, ReadabilityWeight = 1 }).Evaluate(Passing);
        Assert.Equal(299.0 / 360, report.Total!.Value, Near);
        Assert.Equal(0.4, Part(report, "efficiency").Value!.Value, Near);
        Assert.Equal(7.0 / 12, Part(report, "readability").Value!.Value, Near);
        Assert.Equal(4.0 / 6, Part(report, "tests").Contribution, Near);
        Assert.Equal(report.Outcome!.Value, report.Parts.Sum(part => part.Contribution), Near);
    }

    [Fact]
    public void Without_a_reference_the_shape_is_measured_by_bounds_and_the_cost_not_at_all()
    {
        // 80 lines: ½·40/80; complexity 4: ½; (1·1 + 1·0.75)/2
        var evidence = Passing with { ReferenceCosts = null, Costs = new ProgramCosts { Lines = 80, CyclomaticComplexity = 4 } };
        var report = new RewardPipeline(new RewardOptions { EfficiencyWeight = 5, ReadabilityWeight = 1 }).Evaluate(evidence);
        Assert.Null(Part(report, "efficiency").Value);
        Assert.Equal(0, Part(report, "efficiency").Contribution);
        Assert.Equal(0.875, report.Total!.Value, Near);
    }

    [Fact]
    public void A_better_program_than_the_reference_has_no_more_than_one()
    {
        var evidence = Passing with { Costs = new ProgramCosts { RelativeCost = 0.01, Lines = 1, CyclomaticComplexity = 1 } };
        Assert.Equal(1, new RewardPipeline(new RewardOptions { EfficiencyWeight = 1, ReadabilityWeight = 1 }).Evaluate(evidence).Total!.Value, Near);
    }

    [Fact]
    public void A_fast_wrong_program_gains_nothing_by_being_fast()
    {
        // tests 0.1 + 0.9·4/5 = 0.82; (1·0.82 + 1·0 + 2·0)/4
        var evidence = Passing with { Verdict = Verdict.WrongAnswer, Hidden = new TestCount(1, 2) };
        var report = new RewardPipeline(new RewardOptions { EfficiencyWeight = 1, ReadabilityWeight = 2 }).Evaluate(evidence);
        Assert.Equal(0.205, report.Total!.Value, Near);
    }

    [Theory]
    [InlineData(3, 3, 1, 4, true, 67.0 / 280)] // 0.1 + 0.9·4/7 − 0.5·3/4 = 172/280 − 105/280
    [InlineData(2, 3, 1, 4, false, 17.0 / 35)] // 0.1 + 0.9·3/7: it fails a visible test
    public void Passing_what_is_seen_and_failing_what_is_not_is_flagged(int visible, int ofVisible, int hidden, int ofHidden, bool flagged, double expected)
    {
        var report = new RewardPipeline(new RewardOptions { OverfitPenalty = 0.5 }).Evaluate(new RewardEvidence
        {
            Verdict = Verdict.WrongAnswer,
            Visible = new TestCount(visible, ofVisible),
            Hidden = new TestCount(hidden, ofHidden),
        });
        Assert.Equal(flagged, report.IsOverfit);
        Assert.Equal(expected, report.Total!.Value, Near);
        Assert.Equal(flagged ? -0.375 : 0, Part(report, "overfit").Contribution, Near);
    }

    [Fact]
    public void The_penalty_ends_at_zero_and_is_a_flag_alone_without_weight()
    {
        var evidence = new RewardEvidence { Verdict = Verdict.WrongAnswer, Visible = new TestCount(1, 1), Hidden = new TestCount(0, 9) };
        Assert.Equal(0, new RewardPipeline(new RewardOptions { OverfitPenalty = 1 }).Evaluate(evidence).Total);
        var flagged = new RewardPipeline(new RewardOptions()).Evaluate(evidence);
        Assert.True(flagged.IsOverfit);
        Assert.Equal(0.1 + 0.09, flagged.Total!.Value, Near);
    }

    [Fact]
    public void Steps_are_mixed_in_by_the_schedule()
    {
        // α(2) of 4 iterations, linear: 1 − 0.9·2/5 = 0.64; 0.64·1 + 0.36·(0.9·0.5 + 0.81·1)/2
        var options = new RewardOptions { Schedule = AlphaSchedule.Over(AlphaDecay.Linear, 4) };
        var report = new RewardPipeline(options).Evaluate(Passing with { Process = [0.5, 1] }, 2);
        Assert.Equal(0.64, report.Alpha!.Value, Near);
        Assert.Equal(0.63, report.Process!.Value, Near);
        Assert.Equal(0.64 + (0.36 * 0.63), report.Total!.Value, Near);

        // The paper's code at t = 20: α = 0.8, exponents from 0: (0.5 + 0.9)/2 = 0.7
        var code = new RewardPipeline(RewardOptions.PaperCode).Evaluate(Passing with { Process = [0.5, 1] }, 20);
        Assert.Equal(0.8 + (0.2 * 0.7), code.Total!.Value, Near);
    }

    [Fact]
    public void A_path_without_steps_has_the_outcomes_share_alone() => Assert.Equal(
        0.1, new RewardPipeline(new RewardOptions { Schedule = AlphaSchedule.Constant(0.1) }).Evaluate(Passing with { Process = [] }).Total!.Value, Near);

    [Fact]
    public void Formal_checks_count_only_where_they_came_to_something()
    {
        ConditionVerdict[] verdicts =
        [
            new("result >= a", ConditionOutcome.Proved, ""),
            new("result == a + b", ConditionOutcome.Refuted, "a = 1, b = 0"),
            new("result % 2 == 0", ConditionOutcome.Proved, ""),
            new("result < 10**9", ConditionOutcome.Unknown, "timeout"),
            new("is_prime(result)", ConditionOutcome.NotChecked, "is_prime is not known"),
        ];
        var pipeline = new RewardPipeline(new RewardOptions { ConditionsWeight = 1 });
        Assert.Equal((1 + (2.0 / 3)) / 2, pipeline.Evaluate(Passing with { Conditions = verdicts }).Total!.Value, Near);

        // Nothing decided: not a reward, and no fault either.
        var undecided = pipeline.Evaluate(Passing with { Conditions = verdicts[3..] });
        Assert.Null(Part(undecided, "conditions").Value);
        Assert.Equal(1, undecided.Total!.Value, Near);
    }

    [Fact]
    public void What_cannot_be_judged_has_no_reward()
    {
        var pipeline = new RewardPipeline(new RewardOptions());
        Assert.Null(pipeline.Evaluate(new RewardEvidence { Verdict = Verdict.Accepted }).Total);
        Assert.Null(pipeline.Evaluate(new RewardEvidence { Verdict = Verdict.InternalError, Visible = new TestCount(0, 3), Process = [1] }).Total);
        Assert.Equal(0.25, pipeline.Evaluate(new RewardEvidence { TestsReward = 0.25 }).Total!.Value, Near);
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Contains("weights' sum", Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions { TestsWeight = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("efficiency is 'NaN'", Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions { EfficiencyWeight = double.NaN })).Message, StringComparison.Ordinal);
        Assert.Contains("readability is '-1'", Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions { ReadabilityWeight = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("gamma", Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions { Gamma = 1.1 })).Message, StringComparison.Ordinal);
        Assert.Contains("overfit", Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions { OverfitPenalty = double.NaN })).Message, StringComparison.Ordinal);
        var pipeline = new RewardPipeline(new RewardOptions());
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Evaluate(Passing with { Process = [double.NaN] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Evaluate(Passing with { Visible = new TestCount(4, 3) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Evaluate(Passing with { Hidden = new TestCount(-1, 3) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Evaluate(Passing with { Costs = new ProgramCosts { RelativeCost = double.PositiveInfinity } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Evaluate(new RewardEvidence()));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Evaluate(Passing, -1));
    }

    [Fact]
    public void A_further_term_is_one_more_of_the_mean()
    {
        // (1·1 + 3·0.5)/4
        var report = new RewardPipeline(new RewardOptions(), [(new HalfTerm(0.5), 3)]).Evaluate(Passing);
        Assert.Equal(0.625, report.Total!.Value, Near);
        Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions(), [(new HalfTerm(1.5), 1)]).Evaluate(Passing));
        Assert.Throws<ArgumentException>(() => new RewardPipeline(new RewardOptions(), [(new HalfTerm(1), double.NaN)]));
    }

    [Fact]
    public void Options_are_read_from_a_line()
    {
        var read = RewardOptionsText.Read(" efficiency=0.2, overfit=0.5,partial=all,exponent=0 ", new RewardOptions { Gamma = 0.5 });
        Assert.Equal(new RewardOptions { Gamma = 0.5, EfficiencyWeight = 0.2, OverfitPenalty = 0.5, Credit = PartialCredit.AllOrNothing, FirstExponent = 0 }, read);
        Assert.Equal(RewardOptions.PaperCode with { ReadabilityWeight = 1 }, RewardOptionsText.Read("paper-code,readability=1", new RewardOptions()));
        Assert.Equal(new RewardOptions(), RewardOptionsText.Read("", new RewardOptions()));
    }

    [Theory]
    [InlineData("speed=1", "speed=1")]
    [InlineData("gamma=x", "gamma is 'x'")]
    [InlineData("gamma", "gamma is ''")]
    [InlineData("gamma=NaN", "gamma is 'NaN'")]
    [InlineData("tests=1,tests=2", "tests twice")]
    [InlineData("partial=half", "partial is 'half'")]
    [InlineData("exponent=0.5", "exponent is '0.5'")]
    [InlineData("tests=0", "sum")]
    [InlineData("gamma=1,paper-code", "paper-code")]
    public void A_malformed_line_is_refused_by_name(string text, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => RewardOptionsText.Read(text, new RewardOptions())).Message, StringComparison.Ordinal);

    private static RewardPart Part(RewardReport report, string name) => report.Parts.Single(part => part.Name == name);

    private sealed class HalfTerm(double value) : IRewardTerm
    {
        public string Name => "half";

        public TermValue Of(RewardEvidence evidence) => new(value, "as given");
    }
}
