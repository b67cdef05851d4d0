using System.CommandLine;
using O1Coder.Cli.Processes;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder learn verify: reference numbers of losses, models and training.</summary>
internal sealed class LearnCommand : ICliCommand
{
    private readonly Command _verify;

    /// <summary>Makes the command.</summary>
    public LearnCommand()
    {
        _verify = new Command("verify",
            "Runs every losses.json, and every model folder with config.json and expected.json, anywhere under FOLDER against the "
            + "code that trains here, and ends with \"N passed, N failed\". Exit code: 0 when all passed, 1 when one failed, 2 bad input.")
        {
            Folder,
        };
        Definition = new Command("learn", "Checks what trains.") { _verify };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>Where the reference numbers are.</summary>
    public Argument<string> Folder { get; } = new("FOLDER") { Description = "A folder of reference numbers, for example tests/Golden.Tests/data" };

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var given = parsed.GetValue(Folder)!;
        var folder = Path.GetFullPath(Path.Combine(terminal.WorkingDirectory, given));
        return Directory.Exists(folder)
            ? PreparedCommand.Done(ServiceProcess.Trainer.Run(["verify", folder], terminal))
            : throw new BadInputException($"FOLDER is \"{given}\"; expected a folder");
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed)
    {
        if (parsed.CommandResult.Command == _verify)
        {
            return parsed.GetResult(Folder) is not { Tokens.Count: > 0 } ? "learn verify needs a FOLDER with reference numbers" : null;
        }

        return "say what to check: learn verify FOLDER";
    }
}
