namespace O1Coder.Trainer;

/// <summary>A job as it lies on the disk.</summary>
/// <param name="Job">The job with every default filled in.</param>
/// <param name="Created">When it was taken on.</param>
/// <param name="State">Where it stood when that was last written.</param>
/// <param name="Ended">How it ended; null before.</param>
/// <param name="Inputs">The hash of what it reads; empty where that is not known.</param>
internal sealed record StoredJob(V1.TrainingJob Job, DateTimeOffset Created, V1.JobState State, V1.JobEnded? Ended, string Inputs);
