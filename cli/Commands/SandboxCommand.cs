using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Processes;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder sandbox verify: programs, hostile ones too, against the verdicts that are right.</summary>
internal sealed class SandboxCommand : ICliCommand
{
    private readonly ServiceVerify _verify = new("sandbox", ServiceProcess.Sandbox, "cases", "tests/Hostile/cases",
        "Runs every folder with case.json and a program, anywhere under FOLDER, through the sandbox, looks for what they leave behind");

    private readonly Option<int> _repeat = new("--repeat") { HelpName = "N", Description = "How often to run them all", DefaultValueFactory = _ => 1 };

    private readonly Option<int> _parallel = new("--parallel") { HelpName = "N", Description = "How many at a time", DefaultValueFactory = _ => 1 };

    private readonly Option<string> _limiter = new("--limiter")
    {
        HelpName = "NAME",
        Description = "What holds memory and processes: auto, cgroup-v2, cgroup-v1 or rlimit",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>Makes the command.</summary>
    public SandboxCommand()
    {
        _verify.Definition.Options.Add(_repeat);
        _verify.Definition.Options.Add(_parallel);
        _verify.Definition.Options.Add(_limiter);
        Definition = new Command("sandbox", "Checks what runs untrusted programs.") { _verify.Definition };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal) => _verify.Prepare(parsed, terminal,
        parsed.GetValue(_repeat).ToString(CultureInfo.InvariantCulture), parsed.GetValue(_parallel).ToString(CultureInfo.InvariantCulture), parsed.GetValue(_limiter)!);

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) =>
        parsed.CommandResult.Command == Definition ? "say what to check: sandbox verify FOLDER" : _verify.Explain(parsed);
}
