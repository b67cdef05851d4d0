namespace O1Coder.Problems.Training;

/// <summary>A prompt with a better and a worse answer; both end with the model's end of turn.</summary>
/// <param name="Prompt">What comes before.</param>
/// <param name="Chosen">The better answer.</param>
/// <param name="Rejected">The worse answer.</param>
public sealed record PreferenceExample(Prompt Prompt, string Chosen, string Rejected) : TrainingExample;
