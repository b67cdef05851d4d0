namespace O1Coder.Learning.Training;

/// <summary>Options of preference optimisation.</summary>
public sealed record DpoSpec
{
    /// <summary>β, in (0, 10].</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>The loss.</summary>
    public PreferenceLossKind Loss { get; init; }

    /// <summary>The share of pairs taken to be the wrong way round, in [0, 0.5); for the sigmoid loss alone.</summary>
    public double LabelSmoothing { get; init; }
}
