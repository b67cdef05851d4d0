namespace O1Coder.Problems;

/// <summary>Everything that is known of one program when it is rewarded.</summary>
public sealed record RewardEvidence
{
    /// <summary>What the sandbox said; null where R alone is known.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The tests that the search saw.</summary>
    public TestCount Visible { get; init; }

    /// <summary>The tests that it did not see; null where they were not run.</summary>
    public TestCount? Hidden { get; init; }

    /// <summary>
    /// α·compile + (1−α)·pass where it was computed before and the counts are not at hand: then it is taken as it is.
    /// </summary>
    public double? TestsReward { get; init; }

    /// <summary>What was measured of the program; null where nothing was.</summary>
    public ProgramCosts? Costs { get; init; }

    /// <summary>What was measured of the reference solution; null where there is none.</summary>
    public ProgramCosts? ReferenceCosts { get; init; }

    /// <summary>What became of each postcondition; empty where the problem states none or none was looked at.</summary>
    public IReadOnlyList<ConditionVerdict> Conditions { get; init; } = [];

    /// <summary>r_1 … r_m of the path's steps, each in [0, 1]; null where no process reward was asked for.</summary>
    public IReadOnlyList<double>? Process { get; init; }

    /// <summary>Visible and hidden tests together.</summary>
    public TestCount All => Visible + (Hidden ?? default);

    /// <summary>Whether every test that was run passed.</summary>
    public bool PassesAll => Verdict is null ? TestsReward >= 1 : Verdict == Problems.Verdict.Accepted && All.All;

    /// <summary>Whether the program passes every visible test and fails a hidden one.</summary>
    public bool IsOverfit => Visible.All && Hidden is { } hidden && hidden.Passed < hidden.Total;

    /// <summary>Refuses evidence that cannot be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A field is out of its range; the message names it.</exception>
    /// <exception cref="ArgumentException">Fields contradict one another.</exception>
    internal void Check()
    {
        Visible.Check(nameof(Visible));
        Hidden?.Check(nameof(Hidden));
        Require(TestsReward is null or (>= 0 and <= 1), nameof(TestsReward), TestsReward, "a number from 0 to 1");
        Require(Verdict is not null || TestsReward is not null, nameof(Verdict), "none", "a verdict, or a reward computed before");
        foreach (var (costs, name) in new[] { (Costs, nameof(Costs)), (ReferenceCosts, nameof(ReferenceCosts)) })
        {
            Require(costs is null || (double.IsFinite(costs.RelativeCost) && costs.RelativeCost >= 0), $"{name}.{nameof(ProgramCosts.RelativeCost)}", costs?.RelativeCost, "a finite number of at least 0");
            Require(costs is not { Lines: < 0 }, $"{name}.{nameof(ProgramCosts.Lines)}", costs?.Lines, "at least 0");
            Require(costs is not { CyclomaticComplexity: < 0 }, $"{name}.{nameof(ProgramCosts.CyclomaticComplexity)}", costs?.CyclomaticComplexity, "at least 0");
        }

        foreach (var reward in Process ?? [])
        {
            Require(reward is >= 0 and <= 1, nameof(Process), reward, "numbers from 0 to 1");
        }
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}");
        }
    }
}
