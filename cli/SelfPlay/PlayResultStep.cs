using O1Coder.Cli.Evaluation;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>A step of --json.</summary>
/// <param name="Step">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Known">Whether it was done before.</param>
/// <param name="Seconds">Seconds.</param>
/// <param name="Summary">What came of it.</param>
/// <param name="Metrics">What was measured, as <c>evaluate --json</c> tells it.</param>
internal sealed record PlayResultStep(
    int Step, string Name, bool Known, double Seconds, string Summary, IReadOnlyDictionary<string, EvaluationResult.Metric> Metrics)
{
    /// <summary>The step.</summary>
    public static PlayResultStep Of(StepDone done) => new(
        done.Step, done.Name, done.Known, Math.Round(done.Seconds, 3), done.Summary,
        done.Metrics.ToDictionary(metric => metric.Name, metric => new EvaluationResult.Metric(metric.Value, metric.Low, metric.High)));
}
