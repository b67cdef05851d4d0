namespace O1Coder.Learning.Training;

/// <summary>How a process reward model reads its steps; what serves it must use the same.</summary>
public sealed record PrmSpec
{
    /// <summary>The tag after each step.</summary>
    public string Tag { get; init; } = " Rating";

    /// <summary>The label of a good step, one token.</summary>
    public string Positive { get; init; } = " +";

    /// <summary>The label of a bad step, one token.</summary>
    public string Negative { get; init; } = " -";
}
