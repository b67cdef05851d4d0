using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>What does the training.</summary>
internal interface ITrainer
{
    /// <summary>Trains from the last checkpoint on, on the caller's thread; see <see cref="TrainingRun.Run"/>.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="report">Told what happens; every step of the job from 1 on, in order.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="TrainingException">The run failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    TrainingOutcome Run(TrainingSpec spec, Action<TrainingEvent> report, CancellationToken cancellationToken);
}
