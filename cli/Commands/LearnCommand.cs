using System.CommandLine;
using O1Coder.Cli.Processes;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder learn verify: reference numbers of losses, models and training.</summary>
internal sealed class LearnCommand : ICliCommand
{
    private readonly ServiceVerify _verify = new("learn", ServiceProcess.Trainer, "reference numbers", "tests/Golden.Tests/data",
        "Runs every losses.json, and every model folder with config.json and expected.json, anywhere under FOLDER against the code that trains here");

    /// <summary>Makes the command.</summary>
    public LearnCommand() => Definition = new Command("learn", "Checks what trains.") { _verify.Definition };

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal) => _verify.Prepare(parsed, terminal);

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) =>
        parsed.CommandResult.Command == Definition ? "say what to check: learn verify FOLDER" : _verify.Explain(parsed);
}
