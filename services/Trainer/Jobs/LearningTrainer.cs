using Microsoft.Extensions.Options;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>Trains in this process. libtorch is loaded by the first run; each gives its memory back at its end.</summary>
internal sealed class LearningTrainer(IOptions<TrainerOptions> options) : ITrainer
{
    /// <inheritdoc />
    public TrainingOutcome Run(TrainingSpec spec, Action<TrainingEvent> report, CancellationToken cancellationToken) =>
        new TrainingRun(spec, options.Value.Model, options.Value.ThreadCount).Run(report, cancellationToken);
}
