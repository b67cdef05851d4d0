namespace O1Coder.Cli.Display;

/// <summary>Numbers as a row of bars.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>The last <paramref name="most"/> of the numbers; those that are not finite have no bar.</summary>
    public static string Of(IReadOnlyList<double> numbers, int most)
    {
        var shown = numbers.Skip(Math.Max(0, numbers.Count - most)).Where(double.IsFinite).ToList();
        if (shown.Count == 0)
        {
            return "";
        }

        var (low, high) = (shown.Min(), shown.Max());
        return string.Concat(shown.Select(number => Bars[high > low ? (int)Math.Round((number - low) / (high - low) * (Bars.Length - 1)) : 0]));
    }
}
