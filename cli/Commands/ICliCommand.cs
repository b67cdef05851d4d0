using System.CommandLine;

namespace O1Coder.Cli.Commands;

/// <summary>One command of the command line, with its arguments, options and help.</summary>
internal interface ICliCommand
{
    /// <summary>The command's name, arguments, options and, if any, sub-commands.</summary>
    Command Definition { get; }

    /// <summary>Checks everything that needs no running system; what needs none at all is done here.</summary>
    /// <param name="parsed">The arguments, which parsed without an error.</param>
    /// <param name="terminal">Where to read and write.</param>
    /// <exception cref="BadInputException">Bad input; the message is one line.</exception>
    PreparedCommand Prepare(ParseResult parsed, Terminal terminal);

    /// <summary>A better message for arguments that do not parse, or null for the parser's.</summary>
    /// <param name="parsed">The arguments.</param>
    string? Explain(ParseResult parsed) => null;

    /// <summary>What standard output says of bad input where the user asked for JSON; null for nothing.</summary>
    /// <param name="message">What is wrong.</param>
    object? RefusedJson(string message) => null;
}
