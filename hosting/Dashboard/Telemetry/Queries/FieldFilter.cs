using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>A condition on a field: <c>http.response.status_code &gt;= 400</c>.</summary>
public sealed record FieldFilter(string Field, FilterOperator Operator, string Value)
{
    // In the order in which they are looked for: what begins with another stands before it.
    private static readonly (string Sign, FilterOperator Operator)[] s_signs =
    [
        ("==", FilterOperator.Equals),
        ("!=", FilterOperator.NotEquals),
        (">=", FilterOperator.GreaterOrEqual),
        ("<=", FilterOperator.LessOrEqual),
        (">", FilterOperator.Greater),
        ("<", FilterOperator.Less),
        ("!contains", FilterOperator.NotContains),
        ("contains", FilterOperator.Contains),
    ];

    private readonly double? _number = ParseNumber(Value);

    /// <summary>Operators as they are written.</summary>
    public static IReadOnlyList<(string Sign, FilterOperator Operator)> Signs => s_signs;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FieldFilter? filter)
    {
        ArgumentNullException.ThrowIfNull(text);
        filter = null;
        var parts = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2)
        {
            return false;
        }

        foreach (var (sign, named) in s_signs)
        {
            if (string.Equals(parts[1], sign, StringComparison.OrdinalIgnoreCase))
            {
                filter = new FieldFilter(parts[0], named, parts.Length > 2 ? parts[2] : "");
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a value answers; null stands for a field that is not there.</summary>
    public bool Matches(string? value) => Operator switch
    {
        FilterOperator.Equals => value is not null && IsEqual(value),
        FilterOperator.NotEquals => value is null || !IsEqual(value),
        FilterOperator.Contains => value is not null && value.Contains(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.NotContains => value is null || !value.Contains(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.Greater => value is not null && Compare(value) > 0,
        FilterOperator.GreaterOrEqual => value is not null && Compare(value) >= 0,
        FilterOperator.Less => value is not null && Compare(value) < 0,
        _ => value is not null && Compare(value) <= 0,
    };

    /// <summary>A number, or a duration such as 250ms, 1.5s or 2m, which counts in milliseconds; null for anything else.</summary>
    public static double? ParseNumber(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (digits, factor) = text switch
        {
            [.. var head, 'u' or 'µ', 's'] => (head, 0.001),
            [.. var head, 'm', 's'] => (head, 1.0),
            [.. var head, 's'] => (head, 1000.0),
            [.. var head, 'm'] => (head, 60_000.0),
            _ => (text, 1.0),
        };
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Field} {Array.Find(s_signs, sign => sign.Operator == Operator).Sign} {Value}";

    private bool IsEqual(string value) =>
        string.Equals(value, Value, StringComparison.OrdinalIgnoreCase) || (_number is { } wanted && ParseNumber(value) is { } number && wanted.Equals(number));

    private int Compare(string value) => _number is { } wanted && ParseNumber(value) is { } number
        ? number.CompareTo(wanted)
        : string.Compare(value, Value, StringComparison.OrdinalIgnoreCase);
}
