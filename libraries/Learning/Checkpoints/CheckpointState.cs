using O1Coder.Learning.Training;

namespace O1Coder.Learning.Checkpoints;

/// <summary>
/// What a run needs to go on, besides its tensors. Order of the data and dropout are functions of the step's number.
/// </summary>
/// <param name="Fingerprint">Of everything that decides the run's numbers; another one's checkpoint is not gone on from.</param>
/// <param name="Steps">All steps so far.</param>
/// <param name="Tokens">Tokens so far.</param>
/// <param name="Seconds">Seconds of training so far.</param>
/// <param name="AdapterVersion">The version of the adapter in the same folder: the hash of its files.</param>
/// <param name="OptimizerHash">SHA-256 of optimizer.safetensors, lower-case hexadecimal.</param>
internal sealed record CheckpointState(
    string Fingerprint, IReadOnlyList<TrainingStep> Steps, long Tokens, double Seconds, string AdapterVersion, string OptimizerHash);
