namespace O1Coder.Problems;

/// <summary>One thing that a program is rewarded for.</summary>
public interface IRewardTerm
{
    /// <summary>Its name, one word in small letters.</summary>
    string Name { get; }

    /// <summary>Its raw value, in [0, 1], and where it comes from.</summary>
    /// <param name="evidence">What is known of the program; its fields are in their ranges.</param>
    TermValue Of(RewardEvidence evidence);
}
