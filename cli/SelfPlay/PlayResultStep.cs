using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>A step of --json.</summary>
/// <param name="Step">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Known">Whether it was done before.</param>
/// <param name="Seconds">Seconds.</param>
/// <param name="Summary">What came of it.</param>
/// <param name="Metrics">What was measured: the value and its interval's ends.</param>
internal sealed record PlayResultStep(
    int Step, string Name, bool Known, double Seconds, string Summary, IReadOnlyDictionary<string, IReadOnlyList<double>> Metrics)
{
    /// <summary>The step.</summary>
    public static PlayResultStep Of(StepDone done) => new(
        done.Step, done.Name, done.Known, Math.Round(done.Seconds, 3), done.Summary,
        done.Metrics.ToDictionary(metric => metric.Name, IReadOnlyList<double> (metric) => [metric.Value, metric.Low, metric.High]));
}
