using System.Globalization;

namespace O1Coder.Problems;

/// <summary>How the explanations of rewards write numbers.</summary>
internal static class RewardNumber
{
    /// <summary>At most four digits behind the point.</summary>
    public static string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
