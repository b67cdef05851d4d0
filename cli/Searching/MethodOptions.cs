using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Commands;
using O1Coder.Search;

namespace O1Coder.Cli.Searching;

/// <summary>The options that say how to look for a program.</summary>
internal sealed class MethodOptions
{
    /// <summary>The word for the default method.</summary>
    public const string Default = "mcts";

    private readonly Option<string> _method = Named();

    private readonly Option<string[]> _settings = new("--set")
    {
        HelpName = "NAME=VALUE",
        Description = "A setting of the method; may be repeated. \"o1coder search methods\" lists them",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<int> _inFlight = OptionKinds.Number<int>(
        "--in-flight", "N", "Attempts under way at once, so that the model's batch is full [default: the method's]", null,
        "a whole number from 1 to 64",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 64 ? n : null);

    private readonly Option<long> _sandboxRuns = OptionKinds.Number<long>(
        "--sandbox-runs", "N", "Stop after so many distinct programs were run [default: no limit]", null, "a whole number from 1",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 ? n : null);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_method);
        command.Options.Add(_settings);
        command.Options.Add(_inFlight);
        command.Options.Add(_sandboxRuns);
    }

    /// <summary>Puts what was given into a request.</summary>
    /// <exception cref="BadInputException">A setting is none of the method's, or its value is not allowed.</exception>
    public void Read(ParseResult parsed, V1.SearchOptions options, V1.Budget budget)
    {
        var name = parsed.GetValue(_method)!;
        var method = SearchMethods.For(name == Default ? new SearchOptions().Method : name).Description;
        options.Method = method.Name;
        options.Settings.AddRange((parsed.GetValue(_settings) ?? []).Select(text => Setting(text, method)));
        if (parsed.GetResult(_inFlight) is { Implicit: false })
        {
            options.InFlight = parsed.GetValue(_inFlight);
        }

        budget.SandboxRuns = parsed.GetValue(_sandboxRuns);
    }

    private static V1.MethodSetting Setting(string text, MethodDescription method)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var setting = method.Find(name);
        if (equals < 1 || setting is null)
        {
            throw new BadInputException(
                $"--set is \"{text}\"; expected NAME=VALUE with "
                + (method.Settings.Count == 0
                    ? $"a setting of the method, and {method.Name} has none"
                    : $"a setting of {method.Name}: {string.Join(", ", method.Settings.Select(one => one.Name))}"));
        }

        var value = text[(equals + 1)..];
        try
        {
            setting.Validate(new SearchOptions { Method = method.Name, Settings = new Dictionary<string, string> { [name] = value } });
        }
        catch (ArgumentException)
        {
            throw new BadInputException($"--set is \"{text}\"; expected {name} to be {setting.Expected}");
        }

        return new V1.MethodSetting { Name = name, Value = value };
    }

    private static Option<string> Named()
    {
        string[] words = [Default, .. SearchMethods.Names];
        var option = OptionKinds.Word(
            "--method", $"How to look; {Default} is {new SearchOptions().Method}. \"o1coder search methods\" says what each does", Default, words);
        option.HelpName = "NAME";
        option.Aliases.Add("--strategy");
        return option;
    }
}
