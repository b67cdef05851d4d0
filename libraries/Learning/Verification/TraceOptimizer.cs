using System.Globalization;
using System.Text.RegularExpressions;

namespace O1Coder.Learning.Verification;

/// <summary>
/// How a trace's weights moved, as it tells: <c>AdamW lr 5e-3 betas 0.9,0.999 eps 1e-8 weight_decay 0.01, gradient norm clipped
/// at 1.0</c>.
/// </summary>
/// <param name="LearningRate">The rate of every step.</param>
/// <param name="WeightDecay">The decoupled decay.</param>
/// <param name="MaxGradientNorm">What a longer gradient is shortened to.</param>
internal sealed partial record TraceOptimizer(double LearningRate, double WeightDecay, double MaxGradientNorm)
{
    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It names another optimiser, or betas and ε that are not those known.</exception>
    public static TraceOptimizer Parse(string text)
    {
        var match = Pattern().Match(text);
        return match.Success
            ? new TraceOptimizer(Number(match, "rate"), Number(match, "decay"), Number(match, "norm"))
            : throw new FormatException(
                $"optimizer is '{text}': expected 'AdamW lr X betas 0.9,0.999 eps 1e-8 weight_decay X, gradient norm clipped at X'");
    }

    private static double Number(Match match, string group) =>
        double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^AdamW,? lr (?<rate>[-+.\deE]*\d),? betas \(?0\.9, ?0\.999\)?,? eps 1e-0?8,? weight_decay (?<decay>[-+.\deE]*\d),? gradient norm clipped at (?<norm>[-+.\deE]*\d)\.?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
