namespace O1Coder.Problems.Training;

/// <summary>One line of a training data set; docs/data-sets.md has the formats.</summary>
public abstract record TrainingExample
{
    private protected TrainingExample()
    {
    }

    /// <summary>Where it comes from, for people; may be empty.</summary>
    public string Id { get; init; } = "";
}
