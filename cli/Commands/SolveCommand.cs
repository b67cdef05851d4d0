using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder solve.</summary>
internal sealed class SolveCommand : ICliCommand
{
    private const int MostRollouts = 10_000;
    private const double MostSeconds = 7 * 24 * 3600;

    /// <summary>Makes the command.</summary>
    public SolveCommand()
    {
        Definition = new Command("solve",
            "Searches for a program that solves a problem, runs each attempt in a sandbox, and shows the search as it goes. "
            + "The tests marked hidden decide at the end. Without tests the model writes its own first. "
            + "Exit code: 0 solved, 1 not solved, 2 bad input or a failure, 130 stopped by Ctrl+C.")
        {
            File, Tests, Rollouts, Seed, MaxTokens, Seconds, Adapter, ProcessReward, CommandLine.Json, CommandLine.Plain, CommandLine.Coordinator,
        };
        Method.AddTo(Definition);
    }

    /// <inheritdoc/>
    public Command Definition { get; }

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
    public Option<int> Rollouts { get; } = OptionKinds.Count("--rollouts", "How many attempts the search may make", 32, 1, MostRollouts);

    /// <summary>The seed.</summary>
    public Option<ulong> Seed { get; } = OptionKinds.Seed();

    /// <summary>How to look.</summary>
    public MethodOptions Method { get; } = new();

    /// <summary>Generated tokens; 0 for no such limit.</summary>
    public Option<long> MaxTokens { get; } = OptionKinds.Number<long>("--max-tokens", "N", "Stop after so many generated tokens [default: no limit]", null,
        "a whole number from 1",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 ? n : null);

    /// <summary>Seconds; 0 for no such limit.</summary>
    public Option<double> Seconds { get; } = OptionKinds.Number<double>("--seconds", "N", "Stop after so many seconds [default: no limit]", null,
        $"a number of seconds above 0 and at most {MostSeconds}",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MostSeconds ? n : null);

    /// <summary>The adapter's folder; null for none.</summary>
    public Option<string?> Adapter { get; } = AdapterPath.Option("--adapter", "Run the model with the adapter of this folder, or of this self-play run's");

    /// <summary>The weight of process rewards.</summary>
    public Option<double> ProcessReward { get; } = OptionKinds.Real(
        "--process-reward", "Weight of what the process reward model says of an unfinished step, in visits; 0 asks no model", 0,
        "a number in [0, 1]", weight => weight is >= 0 and <= 1);

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var job = SolveJobReader.Read(parsed, this, terminal);
        return PreparedCommand.OnCoordinator((coordinator, ct) => new SolveRun(job, terminal).RunAsync(coordinator, ct));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) => parsed.GetResult(File) is not { Tokens.Count: > 0 }
        ? "solve needs a FILE with the problem, or \"-\" for standard input"
        : null;

    /// <inheritdoc/>
    public object? RefusedJson(string message) => SolveResult.Refused(message);
}
