namespace O1Coder.Problems;

/// <summary>How hard a problem is for a small model (about half a billion parameters).</summary>
public enum Difficulty
{
    /// <summary>A line or two that the model nearly always gets.</summary>
    Trivial,

    /// <summary>One idea, a short loop.</summary>
    Easy,

    /// <summary>Two ideas together.</summary>
    Medium,

    /// <summary>A classic algorithm with a twist.</summary>
    Hard,
}
