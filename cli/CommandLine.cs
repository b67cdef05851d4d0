using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;

namespace O1Coder.Cli;

/// <summary>The commands, their arguments and their help.</summary>
internal sealed class CommandLine
{
    /// <summary>Where a coordinator answers that the AppHost started.</summary>
    public const string DefaultCoordinator = "http://127.0.0.1:7410";

    /// <summary>Where service discovery says that the coordinator answers.</summary>
    public const string CoordinatorVariable = "services__coordinator__http__0";

    private const int MostRollouts = 10_000;
    private const double MostSeconds = 7 * 24 * 3600;

    /// <summary>Makes the commands.</summary>
    public CommandLine()
    {
        Solve = new Command("solve",
            "Searches for a program that solves a problem, runs each attempt in a sandbox, and shows the search as it goes. "
            + "The tests marked hidden decide at the end. "
            + "Exit code: 0 solved, 1 not solved, 2 bad input or a failure, 130 stopped by Ctrl+C.")
        {
            File, Tests, Rollouts, Seed, Strategy, MaxTokens, Seconds, Json, Plain, Coordinator,
        };
        Doctor = new Command("doctor",
            "Looks at this machine and says what is present, what is missing and what to do about it. "
            + "Exit code: 0 when everything needed is there, 1 when something is missing.")
        {
            Json,
        };

        // Not a RootCommand: that one takes its name and version from the process, which may be the AppHost.
        Root = new Command("o1coder", "Writes programs by searching over reasoning steps with a small language model. "
            + "In the repository, \"dotnet run --project AppHost -- solve FILE\" starts the whole system for one search, and "
            + "\"dotnet run --project AppHost\" keeps it up until Ctrl+C (with --port N, --model FOLDER, --threads N).")
        {
            Solve, Doctor, Version, new HelpOption(),
        };
        ((HelpOption)Root.Options[^1]).Recursive = true;
    }

    /// <summary>All of it.</summary>
    public Command Root { get; }

    /// <summary>o1coder solve.</summary>
    public Command Solve { get; }

    /// <summary>o1coder doctor.</summary>
    public Command Doctor { get; }

    /// <summary>The problem's file, or "-".</summary>
    public Argument<string> File { get; } = new("FILE")
    {
        Description = "A problem in this project's Markdown format, for example one of problems/starter; "
            + "\"-\" reads it, or a bare statement, from standard input",
    };

    /// <summary>Tests from another file.</summary>
    public Option<string?> Tests { get; } = new("--tests")
    {
        HelpName = "FILE",
        Description = "Take the tests from this file (.py, .txt, .md or .jsonl) in place of the problem's own",
    };

    /// <summary>Rollouts.</summary>
    public Option<int> Rollouts { get; } = Number<int>("--rollouts", "N", "How many attempts the search may make", 32,
        $"a whole number from 1 to {MostRollouts}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= MostRollouts ? n : null);

    /// <summary>The seed.</summary>
    public Option<ulong> Seed { get; } = Number<ulong>("--seed", "N", "Everything random comes from this: equal seeds give equal searches", 0UL,
        "a whole number from 0 to 18446744073709551615",
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null);

    /// <summary>The strategy's name.</summary>
    public Option<string> Strategy { get; } = CreateStrategy();

    /// <summary>Generated tokens; 0 for no such limit.</summary>
    public Option<long> MaxTokens { get; } = Number<long>("--max-tokens", "N", "Stop after so many generated tokens [default: no limit]", null,
        "a whole number from 1",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 ? n : null);

    /// <summary>Seconds; 0 for no such limit.</summary>
    public Option<double> Seconds { get; } = Number<double>("--seconds", "N", "Stop after so many seconds [default: no limit]", null,
        $"a number of seconds above 0 and at most {MostSeconds}",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MostSeconds ? n : null);

    /// <summary>One JSON object on standard output.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on standard output and nothing else there",
    };

    /// <summary>No live view.</summary>
    public Option<bool> Plain { get; } = new("--plain")
    {
        Description = "Print a log line by line instead of the live view",
    };

    /// <summary>Where the coordinator answers; null where nobody said.</summary>
    public Option<Uri?> Coordinator { get; } = CreateCoordinator();

    /// <summary>Prints the version.</summary>
    public Option<bool> Version { get; } = new("--version") { Description = "Show the version" };

    private static Option<T> Number<T>(
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

    private static Option<string> CreateStrategy()
    {
        string[] names = ["greedy", "sample", "mcts"];
        return new Option<string>("--strategy")
        {
            HelpName = "greedy|sample|mcts",
            Description = "How to look: the likeliest program, independent programs, or a tree of reasoning steps",
            DefaultValueFactory = _ => "mcts",
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (!names.Contains(text))
                {
                    result.AddError($"--strategy is \"{text}\"; expected greedy, sample or mcts");
                }

                return text;
            },
        };
    }

    private static Option<Uri?> CreateCoordinator() => new("--coordinator")
    {
        HelpName = "URL",
        Description = $"Where a running system answers [default: {DefaultCoordinator}; the AppHost starts a system of its own]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            var uri = ParseAddress(text);
            if (uri is null)
            {
                result.AddError($"--coordinator is \"{text}\"; expected an address such as {DefaultCoordinator}");
            }

            return uri;
        },
    };

    /// <summary>An http or https address, or null.</summary>
    public static Uri? ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : null;
}
