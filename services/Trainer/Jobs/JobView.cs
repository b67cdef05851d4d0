namespace O1Coder.Trainer;

/// <summary>A job at one moment.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Activity">What it is doing outside its steps.</param>
/// <param name="Steps">The steps that were asked for.</param>
/// <param name="Ended">How it ended; null while it is queued or running.</param>
/// <param name="Changed">Completes when any of that has changed.</param>
internal sealed record JobView(
    V1.JobState State, string Activity, IReadOnlyList<V1.TrainingStep> Steps, V1.JobEnded? Ended, Task Changed);
