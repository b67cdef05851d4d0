using System.CommandLine;
using System.Globalization;

namespace O1Coder.Cli.Commands;

/// <summary>Options whose values are checked as they are parsed, with messages that name option, value and range.</summary>
internal static class OptionKinds
{
    /// <summary>A whole number.</summary>
    public static Option<int> Count(string name, string description, int? fallback, int least, int most) => Number<int>(
        name, "N", description, fallback, $"a whole number from {least} to {most}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null);

    /// <summary>A decimal number.</summary>
    public static Option<double> Real(string name, string description, double? fallback, string expected, Func<double, bool> allowed) => Number<double>(
        name, "X", description, fallback, expected,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.IsFinite(x) && allowed(x) ? x : null);

    /// <summary>The seed that everything random comes from.</summary>
    public static Option<ulong> Seed() => Number<ulong>(
        "--seed", "N", "Everything random comes from this: equal seeds give equal results", 0UL,
        "a whole number from 0 to 18446744073709551615",
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null);

    /// <summary>One of a few words.</summary>
    public static Option<string> Word(string name, string description, string fallback, params string[] words) => new(name)
    {
        HelpName = string.Join('|', words),
        Description = description,
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!words.Contains(text))
            {
                result.AddError($"{name} is \"{text}\"; expected {string.Join(", ", words[..^1])} or {words[^1]}");
            }

            return text;
        },
    };

    /// <summary>A number that <paramref name="parse"/> reads, or null where it is none or out of range.</summary>
    public static Option<T> Number<T>(
        string name, string helpName, string description, T? fallback, string expected, Func<string, T?> parse)
        where T : struct => new(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = fallback is { } value ? _ => value : null,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (parse(text) is { } number)
                {
                    return number;
                }

                result.AddError($"{name} is \"{text}\"; expected {expected}");
                return default;
            },
        };
}
