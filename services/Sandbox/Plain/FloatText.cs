using System.Globalization;

namespace O1Coder.Sandbox.Plain;

/// <summary>Floats as texts: what every language's shortest exact form reads as, shown as Python shows it.</summary>
internal static class FloatText
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a decimal number, inf, infinity or nan in any case; null for anything else. One too large is infinite.</summary>
    public static PlainValue? Read(string text)
    {
        var name = text.AsSpan().TrimStart("+-");
        if (name.Length > 0 && char.IsAsciiLetter(name[0]))
        {
            var negative = text[0] == '-';
            return text.Length - name.Length > 1 ? null
                : name.Equals("nan", StringComparison.OrdinalIgnoreCase) ? PlainValue.OfFloat(double.NaN, "nan")
                : name.Equals("inf", StringComparison.OrdinalIgnoreCase) || name.Equals("infinity", StringComparison.OrdinalIgnoreCase)
                    ? PlainValue.OfFloat(negative ? double.NegativeInfinity : double.PositiveInfinity, negative ? "-inf" : "inf")
                : null;
        }

        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value) ? PlainValue.OfFloat(value, Show(value)) : null;
    }

    /// <summary>As Python's repr: the shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Show(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        var (digits, exponent) = Shortest(Math.Abs(value));
        var sign = value < 0 ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var rest = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{rest}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length > exponent + 1 ? $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}" : $"{sign}{digits.PadRight(exponent + 1, '0')}.0";
    }

    // The digits, the first and the last not 0, and the power of ten of the first.
    private static (string Digits, int Exponent) Shortest(double value)
    {
        var parts = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent + (point < 0 ? digits.Length : point) - 1 - leading);
    }
}
