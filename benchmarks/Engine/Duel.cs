using System.Globalization;

namespace O1Coder.Benchmarks;

/// <summary>What ours and theirs did in the same rounds.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the numbers, in which more is better.</param>
/// <param name="ToReach">What ours ÷ theirs is to be, or null.</param>
internal sealed record Duel(string Name, string Unit, double? ToReach)
{
    /// <summary>Ours, one a round.</summary>
    public List<double> Ours { get; } = [];

    /// <summary>Theirs, one a round.</summary>
    public List<double> Theirs { get; } = [];

    /// <summary>Ours ÷ theirs, one a round.</summary>
    public IEnumerable<double> Ratios => Ours.Zip(Theirs, (ours, theirs) => ours / theirs);

    /// <summary>The line above lines of <see cref="ToString"/>.</summary>
    public static string Header =>
        $"{"median (least to most)",-28}{"ours",24}{"llama.cpp",24}{"ours / llama.cpp",24}{"to reach",10}";

    /// <inheritdoc/>
    public override string ToString()
    {
        var ratio = Spread.Of(Ratios);
        var verdict = ToReach is not { } least ? ""
            : FormattableString.Invariant($"{least,10:f2}  {(ratio.Median >= least ? "reached" : "not reached")}");
        return $"{Name,-28}{Show(Spread.Of(Ours), "f0"),24}{Show(Spread.Of(Theirs), "f0"),24}{Show(ratio, "f2"),24}{verdict}";
    }

    private static string Show(Spread spread, string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{spread.Median.ToString(format, CultureInfo.InvariantCulture)} ({spread.Least.ToString(format, CultureInfo.InvariantCulture)} to {spread.Most.ToString(format, CultureInfo.InvariantCulture)})");
}
