namespace O1Coder.Problems;

/// <summary>The shape by which the outcome's share α falls; see <see cref="AlphaSchedule"/>.</summary>
public enum AlphaDecay
{
    /// <summary>α stays as it is.</summary>
    Constant,

    /// <summary>start − rate·t.</summary>
    Linear,

    /// <summary>start − rate·ln(1 + t).</summary>
    Logarithmic,
}
