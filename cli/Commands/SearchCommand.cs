using System.CommandLine;
using O1Coder.Cli.Processes;
using O1Coder.Cli.Searching;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder search show and methods: what a search did, from its log, and how one can look.</summary>
internal sealed class SearchCommand : ICliCommand
{
    private readonly Command _show;
    private readonly Command _methods;

    private readonly Argument<string> _folder = new("FOLDER") { Description = "A search's folder: one under runs/, or under a run's searches/" };

    private readonly Option<string?> _html = new("--html") { HelpName = "FILE", Description = "Write the page to this file, and nothing else" };

    /// <summary>Makes the command.</summary>
    public SearchCommand()
    {
        _show = new Command("show",
            "Writes a search's tree from its log, finished, cancelled or torn: tree.json and tree.html in its folder, a page that opens without a "
            + "network; with --json the tree to standard output. Exit code: 0 done, 2 bad input.")
        {
            _folder, _html, CommandLine.Json,
        };
        _methods = new Command("methods", "Lists the search methods: what each does, its paper, what it needs of the model, and its settings.")
        {
            CommandLine.Json,
        };
        Definition = new Command("search", "Shows what a search did, and how one can look.") { _show, _methods };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var json = parsed.GetValue(CommandLine.Json);
        if (parsed.CommandResult.Command == _methods)
        {
            return PreparedCommand.Done(MethodList.Write(terminal, json));
        }

        var given = parsed.GetRequiredValue(_folder);
        var folder = terminal.FullPath(given);
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"FOLDER is \"{given}\"; expected the folder of a search");
        }

        var page = parsed.GetValue(_html);
        return json && page is not null
            ? throw new BadInputException("--json and --html stand together; expected one of them")
            : PreparedCommand.Done(
                json ? ToOutput(folder, terminal)
                : page is not null ? ServiceProcess.Coordinator.Run(["show", folder, "html", terminal.FullPath(page)], terminal)
                : ServiceProcess.Coordinator.Run(["show", folder, "both", folder], terminal));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command == Definition ? "say what to show: search show FOLDER, or search methods"
            : command == _show && parsed.GetResult(_folder) is not { Tokens.Count: > 0 } ? "search show needs the FOLDER of a search"
            : null;
    }

    /// <inheritdoc/>
    public object? RefusedJson(string message) => new { Ok = false, Error = message };

    // By way of a file: what a process prints goes through line by line, and a tree may be megabytes on one.
    private static int ToOutput(string folder, Terminal terminal)
    {
        var scratch = Directory.CreateTempSubdirectory("o1coder-tree-");
        try
        {
            var file = Path.Combine(scratch.FullName, "tree.json");
            var exitCode = ServiceProcess.Coordinator.Run(["show", folder, "json", file], terminal.Silenced());
            if (exitCode == ExitCodes.Solved)
            {
                terminal.Out.Write(File.ReadAllText(file));
                terminal.Out.Flush();
            }

            return exitCode;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
