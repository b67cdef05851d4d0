namespace O1Coder.Search;

/// <summary>What a run over many problems may spend in all; 0 is no limit.</summary>
public sealed record EffortBudget
{
    /// <summary>Rollouts.</summary>
    public long Rollouts { get; init; }

    /// <summary>Tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Distinct programs that are run.</summary>
    public long SandboxRuns { get; init; }

    /// <summary>Rollouts of one problem at most.</summary>
    public int RolloutsEach { get; init; } = 32;

    /// <summary>Rollouts of one grant: a problem gets so many before it is decided anew who goes on.</summary>
    public int Grant { get; init; } = 4;

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">A field is out of range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        OptionCheck.Require(Rollouts >= 0, nameof(Rollouts), Rollouts, "a whole number of at least 0 (0: no limit)");
        OptionCheck.Require(Tokens >= 0, nameof(Tokens), Tokens, "a whole number of at least 0 (0: no limit)");
        OptionCheck.Require(SandboxRuns >= 0, nameof(SandboxRuns), SandboxRuns, "a whole number of at least 0 (0: no limit)");
        OptionCheck.Require(
            RolloutsEach is >= 1 and <= SearchBudget.MostRollouts, nameof(RolloutsEach), RolloutsEach,
            $"a whole number from 1 to {SearchBudget.MostRollouts}");
        OptionCheck.Require(Grant is >= 1 and <= 1024, nameof(Grant), Grant, "a whole number from 1 to 1024");
    }
}
