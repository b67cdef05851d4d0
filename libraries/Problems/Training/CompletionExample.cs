namespace O1Coder.Problems.Training;

/// <summary>A prompt with the answer that is to be learnt; the answer ends with the model's end of turn.</summary>
/// <param name="Prompt">What comes before.</param>
/// <param name="Completion">The whole answer.</param>
public sealed record CompletionExample(Prompt Prompt, string Completion) : TrainingExample;
