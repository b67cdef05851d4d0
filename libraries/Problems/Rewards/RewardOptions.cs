namespace O1Coder.Problems;

/// <summary>
/// What programs are rewarded for. The defaults are o1-Coder's paper (arXiv 2412.00154 v2) where it names a value: tests and
/// steps alone, the exponent of γ from 1. <see cref="PaperCode"/> is what the paper's code does.
/// </summary>
public sealed record RewardOptions
{
    /// <summary>The paper's code: α = 0, α(t) = max(0.1, 1 − 0.01·t), γ = 0.9 with exponents from 0.</summary>
    public static RewardOptions PaperCode { get; } = new() { CompileWeight = 0, Schedule = AlphaSchedule.PaperCode, FirstExponent = 0 };

    /// <summary>α of α·compile + (1−α)·pass, in [0, 1]. The paper names none.</summary>
    public double CompileWeight { get; init; } = 0.1;

    /// <summary>What passing some of the tests is worth.</summary>
    public PartialCredit Credit { get; init; } = PartialCredit.Fraction;

    /// <summary>The weight of the tests in R, at least 0.</summary>
    public double TestsWeight { get; init; } = 1;

    /// <summary>The weight of efficiency in R, at least 0; at 0 nothing is measured.</summary>
    public double EfficiencyWeight { get; init; }

    /// <summary>The weight of readability in R, at least 0; at 0 nothing is measured.</summary>
    public double ReadabilityWeight { get; init; }

    /// <summary>The weight of formal checks in R, at least 0; at 0 nothing is checked.</summary>
    public double ConditionsWeight { get; init; }

    /// <summary>
    /// What is taken from R of a program that passes the visible tests, times the share of hidden tests that it fails; in
    /// [0, 1].
    /// </summary>
    public double OverfitPenalty { get; init; }

    /// <summary>How the outcome's share of φ falls.</summary>
    public AlphaSchedule Schedule { get; init; } = AlphaSchedule.Over(AlphaDecay.Linear, 1);

    /// <summary>γ, in [0, 1].</summary>
    public double Gamma { get; init; } = 0.9;

    /// <summary>The exponent of the first step's γ: 1 as printed, 0 in the paper's code.</summary>
    public int FirstExponent { get; init; } = 1;

    /// <summary>Whether the program has to be measured.</summary>
    public bool Measures => EfficiencyWeight > 0 || ReadabilityWeight > 0;

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">A field is out of range: the message names it, its value and the range.</exception>
    public void Validate()
    {
        Require(CompileWeight is >= 0 and <= 1, "alpha", CompileWeight, "a number from 0 to 1");
        Require(Enum.IsDefined(Credit), "partial", Credit, "fraction or all");
        foreach (var (name, weight) in Weights)
        {
            Require(double.IsFinite(weight) && weight >= 0, name, weight, "a finite number of at least 0");
        }

        Require(Weights.Sum(one => one.Weight) is var sum && sum > 0 && double.IsFinite(sum), "the weights' sum", sum, "a finite number above 0");
        Require(OverfitPenalty is >= 0 and <= 1, "overfit", OverfitPenalty, "a number from 0 to 1");
        Require(Gamma is >= 0 and <= 1, "gamma", Gamma, "a number from 0 to 1");
        Require(FirstExponent is 0 or 1, "exponent", FirstExponent, "0 or 1");
        ArgumentNullException.ThrowIfNull(Schedule);
    }

    private (string Name, double Weight)[] Weights =>
        [("tests", TestsWeight), ("efficiency", EfficiencyWeight), ("readability", ReadabilityWeight), ("conditions", ConditionsWeight)];

    private static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is '{value}': expected {expected}"), name);
        }
    }
}
