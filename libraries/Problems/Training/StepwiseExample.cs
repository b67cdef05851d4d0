namespace O1Coder.Problems.Training;

/// <summary>A path of steps with a label each.</summary>
/// <param name="Prompt">Plain text before the first step.</param>
/// <param name="Completions">The steps, at least one.</param>
/// <param name="Labels">One a step, in [0, 1].</param>
public sealed record StepwiseExample(string Prompt, IReadOnlyList<string> Completions, IReadOnlyList<double> Labels) : TrainingExample
{
    /// <inheritdoc/>
    public bool Equals(StepwiseExample? other) =>
        other is not null && Id == other.Id && Prompt == other.Prompt && Completions.SequenceEqual(other.Completions)
        && Labels.SequenceEqual(other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Prompt, Completions.Count);
}
