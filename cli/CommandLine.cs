using System.CommandLine;
using System.CommandLine.Help;
using O1Coder.Cli.Commands;

namespace O1Coder.Cli;

/// <summary>The commands and the options that several of them have.</summary>
internal sealed class CommandLine
{
    /// <summary>Where a coordinator answers that the AppHost started.</summary>
    public const string DefaultCoordinator = "http://127.0.0.1:7410";

    /// <summary>Where service discovery says that the coordinator answers.</summary>
    public const string CoordinatorVariable = "services__coordinator__http__0";

    /// <summary>Makes the commands.</summary>
    public CommandLine()
    {
        // Not a RootCommand: that one takes its name and version from the process, which may be the AppHost.
        Root = new Command("o1coder", "Writes programs by searching over reasoning steps with a small language model. "
            + "In the repository, \"dotnet run --project AppHost -- solve FILE\" starts the whole system for one search, and "
            + "\"dotnet run --project AppHost\" keeps it up until Ctrl+C (with --port N, --model FOLDER, --threads N).")
        {
            Version, new HelpOption(),
        };
        foreach (var command in Commands)
        {
            Root.Subcommands.Add(command.Definition);
        }

        ((HelpOption)Root.Options[^1]).Recursive = true;
    }

    /// <summary>All of it.</summary>
    public Command Root { get; }

    /// <summary>The commands, in the order of the help.</summary>
    public IReadOnlyList<ICliCommand> Commands { get; } =
    [
        new SolveCommand(),
        new ResumeCommand(),
        new ManyCommand(),
        new EvaluateCommand(),
        new SelfPlayCommand(),
        new TrainCommand(),
        new LearnCommand(),
        new ModelsCommand(),
        new SandboxCommand(),
        new SearchCommand(),
        new RewardsCommand(),
        new DatasetsCommand(),
        new DoctorCommand(),
    ];

    /// <summary>Prints the version.</summary>
    public Option<bool> Version { get; } = new("--version") { Description = "Show the version" };

    /// <summary>One JSON object on standard output.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on standard output and nothing else there",
    };

    /// <summary>No live view.</summary>
    public static Option<bool> Plain { get; } = new("--plain")
    {
        Description = "Print a log line by line instead of the live view",
    };

    /// <summary>Where the coordinator answers; null where nobody said.</summary>
    public static Option<Uri?> Coordinator { get; } = CreateCoordinator();

    /// <summary>The command that was chosen, or one of whose sub-commands was; null for none.</summary>
    public ICliCommand? Find(ParseResult parsed)
    {
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            if (Commands.FirstOrDefault(command => command.Definition == at.Command) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>"solve, evaluate, selfplay or doctor".</summary>
    public string Names
    {
        get
        {
            var names = Commands.Select(command => command.Definition.Name).ToList();
            return $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
        }
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
