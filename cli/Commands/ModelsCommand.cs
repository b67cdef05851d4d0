using System.CommandLine;
using O1Coder.Cli.Checks;
using O1Coder.Cli.Processes;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder models verify and show: what runs models, against reference numbers, and what it makes of a model.</summary>
internal sealed class ModelsCommand : ICliCommand
{
    private readonly ServiceVerify _verify = new("models", ServiceProcess.Policy, "reference numbers", "tests/Golden.Tests/data",
        "Runs every tokenizer-*.json, every embedded-model*.json, and every model folder with config.json and expected.json, anywhere "
        + "under FOLDER, on every back end and every kind of instructions that this machine runs, in both accuracies");

    private readonly Command _show;

    private readonly Argument<string> _shown = new("FOLDER") { Description = "A model: a folder with a GGUF file or its parts, a GGUF file, or a Hugging Face folder" };

    private readonly Option<string?> _model = new("--model")
    {
        HelpName = "FOLDER",
        Description = "The model that tokenizer-*.json and embedded-model*.json are about [default: the embedded one]",
    };

    /// <summary>Makes the command.</summary>
    public ModelsCommand()
    {
        _verify.Definition.Options.Add(_model);
        _show = new Command("show",
            "Says what a model is, how its weights are held, what a conversion loses, and which back end runs it. Exit code: 0, 2 bad input.")
        {
            _shown,
        };
        Definition = new Command("models", "Checks what runs models, and shows models.") { _verify.Definition, _show };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        if (parsed.CommandResult.Command == _show)
        {
            return PreparedCommand.Done(ServiceProcess.Policy.Run(["show", terminal.FullPath(parsed.GetValue(_shown)!)], terminal));
        }

        var model = parsed.GetValue(_model) is { } chosen ? terminal.FullPath(chosen) : ModelCheck.EmbeddedFolder(Surroundings.Of(terminal));
        return _verify.Prepare(parsed, terminal, model);
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command == Definition ? "say what to do: models verify FOLDER, or models show FOLDER"
            : command == _show && parsed.GetResult(_shown) is not { Tokens.Count: > 0 } ? "models show needs a FOLDER with a model"
            : _verify.Explain(parsed);
    }
}
