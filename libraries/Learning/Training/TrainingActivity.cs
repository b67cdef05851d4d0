namespace O1Coder.Learning.Training;

/// <summary>What a run is doing outside its steps, in a few words.</summary>
/// <param name="Text">For people, for example "loading the model" or "reference log-probabilities 12 of 64".</param>
public sealed record TrainingActivity(string Text) : TrainingEvent;
