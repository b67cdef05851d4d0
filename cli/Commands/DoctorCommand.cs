using System.CommandLine;
using O1Coder.Cli.Checks;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder doctor.</summary>
internal sealed class DoctorCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Definition { get; } = new("doctor",
        "Looks at this machine and says what is present, what is missing and what to do about it. "
        + "Exit code: 0 when everything needed is there, 1 when something is missing.")
    {
        CommandLine.Json,
    };

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal) =>
        PreparedCommand.Done(Doctor.Run(terminal, parsed.GetValue(CommandLine.Json)));

    /// <inheritdoc/>
    public object? RefusedJson(string message) => new { Ok = false, Error = message };
}
