using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Many;
using O1Coder.Cli.Searching;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder many.</summary>
internal sealed class ManyCommand : ICliCommand
{
    private const int MostRollouts = 10_000;
    private const double MostSeconds = 30 * 24 * 3600;

    /// <summary>Makes the command.</summary>
    public ManyCommand()
    {
        Definition = new Command("many",
            "Solves many problems with one budget: each gets a few rollouts at a time and stops when it is solved, and what is left goes to those "
            + "that are not, by what it is expected to bring. A run that was broken off goes on with --run. "
            + "Exit code: 0 done, 2 bad input or a failure, 130 stopped by Ctrl+C.")
        {
            Problems, Run, MaxTokens, MaxRollouts, RolloutsEach, Grant, Seconds, Parallel, Seed, Adapter, CommandLine.Json, CommandLine.Coordinator,
        };
        Method.AddTo(Definition);
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>The problems.</summary>
    public Argument<string?> Problems { get; } = new("FILE|FOLDER")
    {
        Description = "A data set, or a folder of problems in this project's Markdown format, for example problems/starter; none with --run",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>A run to go on with.</summary>
    public Option<string?> Run { get; } = new("--run") { HelpName = "RUN", Description = "Go on with this run: its name, or its folder" };

    /// <summary>Tokens in all.</summary>
    public Option<long> MaxTokens { get; } = Whole("--max-tokens", "Stop after so many generated tokens in all [default: no limit]");

    /// <summary>Rollouts in all.</summary>
    public Option<long> MaxRollouts { get; } = Whole("--max-rollouts", "Stop after so many rollouts in all [default: no limit]");

    /// <summary>Rollouts of one problem.</summary>
    public Option<int> RolloutsEach { get; } = OptionKinds.Count("--rollouts", "How many attempts one problem may take", 32, 1, MostRollouts);

    /// <summary>Rollouts at a time.</summary>
    public Option<int> Grant { get; } = OptionKinds.Count("--grant", "How many attempts a problem gets before it is decided anew who goes on", 4, 1, 1024);

    /// <summary>Seconds in all.</summary>
    public Option<double> Seconds { get; } = OptionKinds.Number<double>("--seconds", "N", "Stop after so many seconds [default: no limit]", null,
        $"a number of seconds above 0 and at most {MostSeconds}",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MostSeconds ? n : null);

    /// <summary>Problems at once.</summary>
    public Option<int> Parallel { get; } = OptionKinds.Count("--parallel", "How many problems are worked on at once", 4, 1, 256);

    /// <summary>The seed.</summary>
    public Option<ulong> Seed { get; } = OptionKinds.Seed();

    /// <summary>The adapter's folder; null for none.</summary>
    public Option<string?> Adapter { get; } = AdapterPath.Option("--adapter", "Run the model with the adapter of this folder, or of this self-play run's");

    /// <summary>How to look.</summary>
    public MethodOptions Method { get; } = new();

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var request = ManyJobReader.Read(parsed, this, terminal);
        var json = parsed.GetValue(CommandLine.Json);
        return PreparedCommand.OnCoordinator((coordinator, ct) => new ManyRun(request, json, terminal).RunAsync(coordinator, ct));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) =>
        parsed.GetResult(Problems) is not { Tokens.Count: > 0 } && parsed.GetValue(Run) is null
            ? "many needs a FILE or FOLDER with the problems, or --run with a run to go on with"
            : null;

    /// <inheritdoc/>
    public object? RefusedJson(string message) => ManyResult.Refused(message);

    private static Option<long> Whole(string name, string description) => OptionKinds.Number<long>(
        name, "N", description, null, "a whole number from 1",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 ? n : null);
}
