using System.Globalization;

namespace O1Coder.Search;

/// <summary>Refuses an option with a message that names the field, its value and what was expected.</summary>
internal static class OptionCheck
{
    public static void Require(bool valid, string field, object value, string expected)
    {
        if (!valid)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{field} is '{value}': expected {expected}"), field);
        }
    }
}
