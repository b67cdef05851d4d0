using System.CommandLine;
using O1Coder.Cli.Checks;
using O1Coder.Cli.Processes;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder models verify and show: what runs models, against reference numbers, and what it makes of a model.</summary>
internal sealed class ModelsCommand : ICliCommand
{
    private readonly Command _verify;
    private readonly Command _show;

    private readonly Argument<string> _cases = new("FOLDER") { Description = "A folder of reference numbers, for example tests/Golden.Tests/data" };

    private readonly Argument<string> _shown = new("FOLDER") { Description = "A model: a folder with a GGUF file or its parts, a GGUF file, or a Hugging Face folder" };

    private readonly Option<string?> _model = new("--model")
    {
        HelpName = "FOLDER",
        Description = "The model that tokenizer-*.json and embedded-model*.json are about [default: the embedded one]",
    };

    /// <summary>Makes the command.</summary>
    public ModelsCommand()
    {
        _verify = new Command("verify",
            "Runs every tokenizer-*.json, every embedded-model*.json, and every model folder with config.json and expected.json, anywhere "
            + "under FOLDER, on every back end and every kind of instructions that this machine runs, in both accuracies, and ends with "
            + "\"N passed, N failed\". Exit code: 0 when all passed, 1 when one failed, 2 bad input.")
        {
            _cases, _model,
        };
        _show = new Command("show",
            "Says what a model is, how its weights are held, what a conversion loses, and which back end runs it. Exit code: 0, 2 bad input.")
        {
            _shown,
        };
        Definition = new Command("models", "Checks what runs models, and shows models.") { _verify, _show };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        if (parsed.CommandResult.Command == _show)
        {
            var shown = Resolve(terminal, parsed.GetValue(_shown)!);
            return PreparedCommand.Done(ServiceProcess.Policy.Run(["show", shown], terminal));
        }

        var given = parsed.GetValue(_cases)!;
        var folder = Resolve(terminal, given);
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"FOLDER is \"{given}\"; expected a folder");
        }

        var model = parsed.GetValue(_model) is { } chosen ? Resolve(terminal, chosen) : ModelCheck.EmbeddedFolder(Surroundings.Of(terminal));
        return PreparedCommand.Done(ServiceProcess.Policy.Run(["verify", folder, model], terminal));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command == Definition ? "say what to do: models verify FOLDER, or models show FOLDER"
            : command == _verify && parsed.GetResult(_cases) is not { Tokens.Count: > 0 } ? "models verify needs a FOLDER with reference numbers"
            : command == _show && parsed.GetResult(_shown) is not { Tokens.Count: > 0 } ? "models show needs a FOLDER with a model"
            : null;
    }

    private static string Resolve(Terminal terminal, string path) => Path.GetFullPath(Path.Combine(terminal.WorkingDirectory, path));
}
