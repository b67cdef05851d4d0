namespace O1Coder.Problems.Training;

/// <summary>Two next steps after one prefix, of which one is better.</summary>
/// <param name="Prompt">Plain text before the first step.</param>
/// <param name="Prefix">The steps that both share; may be empty.</param>
/// <param name="Chosen">The better next step.</param>
/// <param name="Rejected">The worse next step.</param>
public sealed record StepwisePreferenceExample(string Prompt, IReadOnlyList<string> Prefix, string Chosen, string Rejected) : TrainingExample
{
    /// <inheritdoc/>
    public bool Equals(StepwisePreferenceExample? other) =>
        other is not null && Id == other.Id && Prompt == other.Prompt && Prefix.SequenceEqual(other.Prefix)
        && Chosen == other.Chosen && Rejected == other.Rejected;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Prompt, Prefix.Count);
}
