using System.Globalization;
using System.Text;

namespace O1Coder.Coordinator;

/// <summary>The losses of one training job, as a table and as a picture.</summary>
internal sealed class LossCurve
{
    private const int Width = 640;
    private const int Height = 240;
    private const int Margin = 48;

    private readonly SortedDictionary<int, V1.TrainingStep> _steps = [];

    /// <summary>The last step that is known without a gap; 0 for none.</summary>
    public int LastStep => _steps.Count == 0 ? 0 : _steps.Keys.Last();

    /// <summary>Adds a step; one that is known already is replaced.</summary>
    public void Add(V1.TrainingStep step) => _steps[step.Step] = step;

    /// <summary>The first and the last loss, and the last accuracy where there is one.</summary>
    public IReadOnlyList<StepMetric> Metrics()
    {
        if (_steps.Count == 0)
        {
            return [];
        }

        var (first, last) = (_steps.Values.First(), _steps.Values.Last());
        var metrics = new List<StepMetric> { Plain("loss, first step", first.Loss), Plain("loss, last step", last.Loss) };
        if (last.Accuracy > 0)
        {
            metrics.Add(Plain("training accuracy, last step", last.Accuracy));
        }

        return metrics;
    }

    /// <summary>Writes curves/NAME.csv and curves/NAME.svg.</summary>
    /// <returns>Their paths in the run's folder.</returns>
    public IReadOnlyList<string> Write(PlayFolder folder, string name, string title)
    {
        var csv = new StringBuilder("step,epoch,loss,gradient_norm,learning_rate,tokens_per_second,seconds,accuracy\n");
        foreach (var step in _steps.Values)
        {
            csv.Append(CultureInfo.InvariantCulture,
                $"{step.Step},{step.Epoch},{step.Loss:R},{step.GradientNorm:R},{step.LearningRate:R},{step.TokensPerSecond:R},{step.Seconds:R},{step.Accuracy:R}\n");
        }

        IReadOnlyList<string> paths = [$"curves/{name}.csv", $"curves/{name}.svg"];
        SearchFolder.WriteWhole(folder.ForWriting(paths[0]), csv.ToString());
        SearchFolder.WriteWhole(folder.ForWriting(paths[1]), Svg(title));
        return paths;
    }

    private static StepMetric Plain(string name, double value) => new(name, value, value, value, 0);

    private string Svg(string title)
    {
        var points = _steps.Values.Where(step => double.IsFinite(step.Loss)).ToList();
        var (low, high) = points.Count == 0 ? (0, 1) : (points.Min(step => step.Loss), points.Max(step => step.Loss));
        var spread = high > low ? high - low : 1;
        var last = Math.Max(2, points.Count == 0 ? 2 : points[^1].Step);
        var line = string.Join(' ', points.Select(step => string.Create(
            CultureInfo.InvariantCulture,
            $"{Margin + ((Width - (2.0 * Margin)) * (step.Step - 1) / (last - 1)):0.#},{Height - Margin - ((Height - (2.0 * Margin)) * (step.Loss - low) / spread):0.#}")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">
              <rect width="{Width}" height="{Height}" fill="white"/>
              <text x="{Margin}" y="24" font-size="14">{System.Security.SecurityElement.Escape(title)}: loss</text>
              <path d="M{Margin} {Margin}V{Height - Margin}H{Width - Margin}" fill="none" stroke="#888"/>
              <text x="4" y="{Margin + 4}">{high:0.###}</text>
              <text x="4" y="{Height - Margin}">{low:0.###}</text>
              <text x="{Margin}" y="{Height - Margin + 18}">step 1</text>
              <text x="{Width - Margin}" y="{Height - Margin + 18}" text-anchor="end">{last}</text>
              <polyline points="{line}" fill="none" stroke="#07c" stroke-width="2"/>
            </svg>

            """);
    }
}
