using System.CommandLine;
using O1Coder.Cli.Commands;

namespace O1Coder.Cli.Processes;

/// <summary>A sub-command "verify FOLDER": a service's own program runs the cases of a folder and prints what came of them.</summary>
internal sealed class ServiceVerify
{
    private readonly string _parent;
    private readonly ServiceProcess _service;
    private readonly string _cases;
    private readonly Argument<string> _folder;

    /// <summary>Makes the command.</summary>
    /// <param name="parent">The command that it belongs to.</param>
    /// <param name="service">What runs the cases; its program takes <c>verify FOLDER</c> and whatever <see cref="Prepare"/> adds.</param>
    /// <param name="cases">What the cases are, for example "reference numbers".</param>
    /// <param name="example">A folder that has some.</param>
    /// <param name="description">Which files are found, and what is run.</param>
    public ServiceVerify(string parent, ServiceProcess service, string cases, string example, string description)
    {
        _parent = parent;
        _service = service;
        _cases = cases;
        _folder = new Argument<string>("FOLDER") { Description = $"A folder of {cases}, for example {example}" };
        Definition = new Command("verify", $"{description}, and ends with \"N passed, N failed\". Exit code: 0 when all passed, 1 when one failed, 2 bad input.")
        {
            _folder,
        };
    }

    /// <summary>The command; options are added to it.</summary>
    public Command Definition { get; }

    /// <summary>Runs it to its end.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="terminal">Where to read and write.</param>
    /// <param name="further">What the program is given after the folder.</param>
    /// <exception cref="BadInputException">There is no such folder, or the program is not there.</exception>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal, params ReadOnlySpan<string> further)
    {
        var given = parsed.GetValue(_folder)!;
        var folder = terminal.FullPath(given);
        return Directory.Exists(folder)
            ? PreparedCommand.Done(_service.Run(["verify", folder, .. further], terminal))
            : throw new BadInputException($"FOLDER is \"{given}\"; expected a folder");
    }

    /// <summary>What is missing where this command's arguments do not parse; null for another command's.</summary>
    public string? Explain(ParseResult parsed) =>
        parsed.CommandResult.Command == Definition && parsed.GetResult(_folder) is not { Tokens.Count: > 0 }
            ? $"{_parent} verify needs a FOLDER with {_cases}"
            : null;
}
