using System.Collections.Concurrent;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer.Tests;

/// <summary>Trains by a script: tells steps, stops where it is told to, and leaves an adapter's configuration behind.</summary>
internal sealed class ScriptedTrainer : ITrainer
{
    private readonly ConcurrentDictionary<string, int> _checkpoints = new();

    /// <summary>Runs before step n of a job: (specification, n, cancellation).</summary>
    public Action<TrainingSpec, int, CancellationToken> Before { get; set; } = (_, _, _) => { };

    public int Steps { get; set; } = 4;

    public ConcurrentQueue<TrainingSpec> Runs { get; } = new();

    public static double Loss(int step) => 1.0 / step;

    public TrainingOutcome Run(TrainingSpec spec, Action<TrainingEvent> report, CancellationToken cancellationToken)
    {
        Runs.Enqueue(spec);
        report(new TrainingActivity("loading the model"));
        var done = _checkpoints.GetValueOrDefault(spec.OutputFolder);
        for (var step = 1; step <= Steps; step++)
        {
            if (step > done)
            {
                Before(spec, step, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                _checkpoints[spec.OutputFolder] = step;
            }

            report(new TrainingStep
            {
                Step = step,
                Steps = Steps,
                Epoch = 1,
                Loss = Loss(step),
                Counted = 1,
                GradientNorm = 1,
                LearningRate = spec.Optimizer.LearningRate,
                Tokens = 10,
                TokensPerSecond = 10,
                Seconds = step,
                SecondsLeft = Steps - step,
                Accuracy = 0,
            });
        }

        Directory.CreateDirectory(spec.OutputFolder);
        File.WriteAllText(Path.Combine(spec.OutputFolder, Models.PeftFolder.ConfigName), "{}");
        return new TrainingOutcome
        {
            AdapterFolder = spec.OutputFolder,
            AdapterVersion = "0123456789abcdef",
            EpochLosses = [0.5],
            Rows = 1,
            SkippedRows = 0,
            Tokens = 40,
            Seconds = Steps,
        };
    }
}
