namespace O1Coder.Inference;

/// <summary>What an engine has done since it started, for measurements: two readings tell what lies between them.</summary>
/// <param name="Busy">Time in steps, drawing included.</param>
/// <param name="Steps">Steps.</param>
/// <param name="SequenceSteps">Running sequences, summed over the steps: divided by them, the mean batch.</param>
/// <param name="Running">Sequences that run now.</param>
/// <param name="MostSequences">Sequences that may run at once.</param>
/// <param name="Waiting">Requests that wait in the queue now.</param>
public readonly record struct EngineLoad(TimeSpan Busy, long Steps, long SequenceSteps, int Running, int MostSequences, int Waiting);
