using System.Globalization;

namespace O1Coder.Problems;

/// <summary>
/// Reward options as people write them: "name=number" with commas between, for example "efficiency=0.2,overfit=0.5,partial=all".
/// "paper-code" alone as the first item begins from <see cref="RewardOptions.PaperCode"/>.
/// </summary>
public static class RewardOptionsText
{
    private const string PaperCode = "paper-code";

    private static readonly string[] s_names = ["alpha", "tests", "efficiency", "readability", "conditions", "overfit", "gamma", "exponent", "partial"];

    /// <summary>The options that a text says, on top of others.</summary>
    /// <param name="text">The text; empty changes nothing.</param>
    /// <param name="start">What holds where the text says nothing.</param>
    /// <exception cref="ArgumentException">The text is malformed or a value is out of range: the message names item, value and range.</exception>
    public static RewardOptions Read(string text, RewardOptions start)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(start);
        var items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var options = start;
        foreach (var (item, i) in items.Select((item, i) => (item, i)))
        {
            if (i == 0 && item == PaperCode)
            {
                options = RewardOptions.PaperCode;
                continue;
            }

            var (name, value) = item.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (item, "");
            if (!s_names.Contains(name))
            {
                throw new ArgumentException($"reward is '{item}': expected NAME=NUMBER with one of {string.Join(", ", s_names)}, or first {PaperCode}", nameof(text));
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"reward names {name} twice: expected each name once", nameof(text));
            }

            options = With(options, name, value);
        }

        options.Validate();
        return options;
    }

    private static RewardOptions With(RewardOptions options, string name, string value)
    {
        if (name == "partial")
        {
            return options with
            {
                Credit = value switch
                {
                    "fraction" => PartialCredit.Fraction,
                    "all" => PartialCredit.AllOrNothing,
                    _ => throw new ArgumentException($"partial is '{value}': expected fraction or all"),
                },
            };
        }

        var number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var read)
            ? read
            : throw new ArgumentException($"{name} is '{value}': expected a number");
        return name switch
        {
            "alpha" => options with { CompileWeight = number },
            "tests" => options with { TestsWeight = number },
            "efficiency" => options with { EfficiencyWeight = number },
            "readability" => options with { ReadabilityWeight = number },
            "conditions" => options with { ConditionsWeight = number },
            "overfit" => options with { OverfitPenalty = number },
            "gamma" => options with { Gamma = number },
            _ => options with
            {
                FirstExponent = number is 0 or 1 ? (int)number : throw new ArgumentException($"exponent is '{value}': expected 0 or 1"),
            },
        };
    }
}
