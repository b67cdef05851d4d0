using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grpc.Core;

namespace O1Coder.ServiceDefaults;

/// <summary>Refuses a request's field: the error names the field, its value and what was expected.</summary>
public static class InvalidArgument
{
    private const int LongestValue = 80;

    /// <summary>Throws the error of status InvalidArgument for one field.</summary>
    /// <param name="field">The field's name as in the .proto file, with its path: <c>sampling.top_p</c>.</param>
    /// <param name="value">What it held, null for nothing; long values are cut.</param>
    /// <param name="expected">What was expected, for example <c>a number in (0, 1]</c>.</param>
    /// <exception cref="RpcException">Always.</exception>
    [DoesNotReturn]
    public static void Throw(string field, object? value, string expected)
    {
        var held = value is null ? "absent" : $"'{Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}'";
        throw new RpcException(new Status(StatusCode.InvalidArgument, $"{field} is {held}: expected {expected}"));
    }

    /// <summary>Throws unless <paramref name="valid"/>; see <see cref="Throw"/>.</summary>
    public static void ThrowUnless([DoesNotReturnIf(false)] bool valid, string field, object? value, string expected)
    {
        if (!valid)
        {
            Throw(field, value, expected);
        }
    }

    // Never between the halves of a surrogate pair.
    private static string Cut(string text) => text.Length <= LongestValue
        ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[LongestValue - 1]) ? LongestValue - 1 : LongestValue), "…");
}
