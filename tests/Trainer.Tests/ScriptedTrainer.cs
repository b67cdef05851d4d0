using System.Collections.Concurrent;
using System.Globalization;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer.Tests;

/// <summary>Trains by a script: tells steps, stops where it is told to, leaves an adapter's configuration behind, and a checkpoint
/// after every step, which another learning rate's run refuses.</summary>
internal sealed class ScriptedTrainer : ITrainer
{
    /// <summary>Runs before step n of a job: (specification, n, cancellation).</summary>
    public Action<TrainingSpec, int, CancellationToken> Before { get; set; } = (_, _, _) => { };

    public int Steps { get; set; } = 4;

    public ConcurrentQueue<TrainingSpec> Runs { get; } = new();

    public static double Loss(int step) => 1.0 / step;

    public TrainingOutcome Run(TrainingSpec spec, Action<TrainingEvent> report, CancellationToken cancellationToken)
    {
        Runs.Enqueue(spec);
        report(new TrainingActivity("loading the model"));
        var checkpoint = Path.Combine($"{spec.OutputFolder}.checkpoints", "last.txt");
        var kept = File.Exists(checkpoint) ? File.ReadAllLines(checkpoint) : [Rate(spec), "0"];
        if (kept[0] != Rate(spec))
        {
            throw new TrainingException(TrainingFailure.Input, "checkpoints of another job");
        }

        var done = int.Parse(kept[1], CultureInfo.InvariantCulture);
        for (var step = 1; step <= Steps; step++)
        {
            if (step > done)
            {
                Before(spec, step, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
                File.WriteAllLines(checkpoint, [Rate(spec), step.ToString(CultureInfo.InvariantCulture)]);
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
        Directory.Delete(Path.GetDirectoryName(checkpoint)!, recursive: true);
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

    private static string Rate(TrainingSpec spec) => spec.Optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture);
}
