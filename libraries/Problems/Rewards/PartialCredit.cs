namespace O1Coder.Problems;

/// <summary>What a program that passes some of its tests is worth.</summary>
public enum PartialCredit
{
    /// <summary>The fraction that it passes.</summary>
    Fraction,

    /// <summary>Nothing, unless it passes all (DeepCoder's reward has no other value).</summary>
    AllOrNothing,
}
