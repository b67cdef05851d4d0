using System.CommandLine;
using O1Coder.Cli.Searching;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder resume.</summary>
internal sealed class ResumeCommand : ICliCommand
{
    /// <summary>Makes the command.</summary>
    public ResumeCommand() => Definition = new Command("resume",
        "Goes on with a search that was broken off, cancelled or failed, from its log; a finished one is told again. "
        + "Exit code: 0 solved, 1 not solved, 2 bad input or a failure, 130 stopped by Ctrl+C.")
    {
        Search, CommandLine.Json, CommandLine.Plain, CommandLine.Coordinator,
    };

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>The search.</summary>
    public Argument<string> Search { get; } = new("SEARCH") { Description = "The search's name: that of its folder under runs/, or the folder" };

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(Search)));
        var job = new SolveJob(
            new V1.SolveRequest { ResumeSearchId = name }, "", parsed.GetValue(CommandLine.Json), parsed.GetValue(CommandLine.Plain));
        return PreparedCommand.OnCoordinator((coordinator, ct) => new SolveRun(job, terminal).RunAsync(coordinator, ct));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) => parsed.GetResult(Search) is not { Tokens.Count: > 0 }
        ? "resume needs the name of a SEARCH, as a folder of runs/ has it"
        : null;

    /// <inheritdoc/>
    public object? RefusedJson(string message) => Display.SolveResult.Refused(message);
}
