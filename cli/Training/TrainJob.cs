using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>What <c>train</c> was asked for.</summary>
/// <param name="Job">The job; its name is made from everything else in it, so that the same command means the same job.</param>
/// <param name="Title">What is trained on what, for people.</param>
/// <param name="Json">Whether one JSON object is printed.</param>
/// <param name="Plain">Whether a log is printed in place of the live view.</param>
internal sealed record TrainJob(TrainingJob Job, string Title, bool Json, bool Plain);
