using System.Globalization;
using System.Text.RegularExpressions;

namespace O1Coder.Learning.Verification;

/// <summary>
/// How a trace's weights moved, as it tells: <c>AdamW lr 5e-3 betas 0.9,0.999 eps 1e-8 weight_decay 0.01, gradient norm clipped
/// at 1.0</c>; without the last part nothing is clipped.
/// </summary>
/// <param name="LearningRate">The rate of every step.</param>
/// <param name="FirstBeta">β₁, below 1.</param>
/// <param name="SecondBeta">β₂, below 1.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">The decoupled decay.</param>
/// <param name="MaxGradientNorm">What a longer gradient is shortened to; infinite for none.</param>
internal sealed partial record TraceOptimizer(
    double LearningRate, double FirstBeta, double SecondBeta, double Epsilon, double WeightDecay, double MaxGradientNorm)
{
    private const string Real = @"\d*\.?\d+(?:[eE][-+]?\d+)?";

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It names another optimiser, or a number is missing or out of range.</exception>
    public static TraceOptimizer Parse(string text)
    {
        var match = Pattern().Match(text);
        var read = match.Success
            ? new TraceOptimizer(
                Number(match, "rate"), Number(match, "first"), Number(match, "second"), Number(match, "epsilon"), Number(match, "decay"),
                match.Groups["norm"].Success ? Number(match, "norm") : double.PositiveInfinity)
            : null;
        return read is { FirstBeta: < 1, SecondBeta: < 1 }
            ? read
            : throw new FormatException(
                $"optimizer is '{text}': expected 'AdamW lr X betas X,X eps X weight_decay X, gradient norm clipped at X', betas below 1");
    }

    private static double Number(Match match, string group) =>
        double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        $@"^AdamW,? lr (?<rate>{Real}),? betas \(?(?<first>{Real}), ?(?<second>{Real})\)?,? eps (?<epsilon>{Real}),? weight_decay (?<decay>{Real})(,? gradient norm clipped at (?<norm>{Real}))?\.?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
