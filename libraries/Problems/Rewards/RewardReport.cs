namespace O1Coder.Problems;

/// <summary>A program's reward with everything that it is made of.</summary>
public sealed record RewardReport
{
    /// <summary>The terms of R in their order, the overfit penalty last.</summary>
    public required IReadOnlyList<RewardPart> Parts { get; init; }

    /// <summary>R, in [0, 1]; null when no term with a weight has a value, or the sandbox itself failed.</summary>
    public required double? Outcome { get; init; }

    /// <summary>(1/m)·Σ γ^j·r_j; null where no process reward was asked for.</summary>
    public required double? Process { get; init; }

    /// <summary>α(t), the outcome's share; null where no process reward was asked for.</summary>
    public required double? Alpha { get; init; }

    /// <summary>φ, or R where no process reward was asked for; null when R is.</summary>
    public required double? Total { get; init; }

    /// <summary>Whether the program passes every visible test and fails a hidden one.</summary>
    public required bool IsOverfit { get; init; }

    /// <summary>How <see cref="Total"/> comes about, for people; one line.</summary>
    public required string Explanation { get; init; }
}
