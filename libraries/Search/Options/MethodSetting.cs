using System.Globalization;

namespace O1Coder.Search;

/// <summary>
/// A named setting of a method: a number within bounds or one of several choices, with the paper's default and where it
/// stands. Where a paper and its code disagree the default is the paper's and the code's is a choice or a number to give.
/// </summary>
public sealed class MethodSetting
{
    private readonly double _number;
    private readonly double _least;
    private readonly double _most;

    private MethodSetting(string name, string value, string source, string meaning, IReadOnlyList<string> choices, double number, double least, double most)
    {
        (Name, Default, Source, Meaning, Choices) = (name, value, source, meaning, choices);
        (_number, _least, _most) = (number, least, most);
    }

    /// <summary>The name, in lower case with hyphens.</summary>
    public string Name { get; }

    /// <summary>The default, as text.</summary>
    public string Default { get; }

    /// <summary>Where the default stands: paper and equation, or code.</summary>
    public string Source { get; }

    /// <summary>What it does, in a line.</summary>
    public string Meaning { get; }

    /// <summary>The choices; empty for a number.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>What is expected of a value, for people.</summary>
    public string Expected => Choices.Count > 0
        ? "one of " + string.Join(", ", Choices)
        : string.Create(CultureInfo.InvariantCulture, $"a number in [{_least}, {_most}]");

    /// <summary>A number within bounds, both included.</summary>
    public static MethodSetting Number(string name, double value, double least, double most, string meaning, string source) =>
        new(name, value.ToString("R", CultureInfo.InvariantCulture), source, meaning, [], value, least, most);

    /// <summary>One of several; the first is the default.</summary>
    public static MethodSetting Choice(string name, IReadOnlyList<string> choices, string meaning, string source) =>
        new(name, choices[0], source, meaning, choices, 0, 0, 0);

    /// <summary>The number in force.</summary>
    /// <exception cref="ArgumentException">The value that was given is not such a number.</exception>
    public double In(SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Settings.TryGetValue(Name, out var text) ? Parse(text) : _number;
    }

    /// <summary>The whole number in force.</summary>
    /// <exception cref="ArgumentException">The value that was given is not such a number.</exception>
    public int CountIn(SearchOptions options)
    {
        var number = In(options);
        OptionCheck.Require(number == Math.Truncate(number), Name, number, "a whole number");
        return (int)number;
    }

    /// <summary>The choice in force.</summary>
    /// <exception cref="ArgumentException">The value that was given is none of the choices.</exception>
    public string ChoiceIn(SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var value = options.Settings.GetValueOrDefault(Name, Default);
        OptionCheck.Require(Choices.Contains(value), Name, value, Expected);
        return value;
    }

    /// <summary>Checks the value in force.</summary>
    /// <exception cref="ArgumentException">The value that was given is not allowed.</exception>
    public void Validate(SearchOptions options)
    {
        if (Choices.Count > 0)
        {
            ChoiceIn(options);
        }
        else
        {
            In(options);
        }
    }

    private double Parse(string text)
    {
        var parsed = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        OptionCheck.Require(parsed && number >= _least && number <= _most, Name, text, Expected);
        return number;
    }
}
