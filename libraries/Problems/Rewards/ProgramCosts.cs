namespace O1Coder.Problems;

/// <summary>What was measured of a program (the sandbox's ProgramMetrics).</summary>
public sealed record ProgramCosts
{
    /// <summary>CPU seconds over all tests, the runtime's start left out; at least 0.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Instructions over all tests; 0 where the machine counts none.</summary>
    public long Instructions { get; init; }

    /// <summary>The program's cost ÷ the reference program's on the same tests; 0 where there is none.</summary>
    public double RelativeCost { get; init; }

    /// <summary>What <see cref="RelativeCost"/> is of, for people: "instructions" or "cpu".</summary>
    public string CostUnit { get; init; } = "cpu";

    /// <summary>Lines that hold more than white space and comments; 0 where they were not counted.</summary>
    public int Lines { get; init; }

    /// <summary>McCabe's number, the largest of a function; 0 where it was not counted.</summary>
    public int CyclomaticComplexity { get; init; }
}
