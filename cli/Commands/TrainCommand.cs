using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Training;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder train sft|dpo|prm.</summary>
internal sealed class TrainCommand : ICliCommand
{
    private const string SharedEnd = " The adapter is written in PEFT's format. Interrupted, the same command goes on from the last checkpoint. "
        + "Exit code: 0 done, 2 bad input or a failure, 130 stopped by Ctrl+C.";

    /// <summary>Makes the command.</summary>
    public TrainCommand()
    {
        Sft = new Command("sft", "Supervised fine-tuning: lines with prompt and completion." + SharedEnd);
        Dpo = new Command("dpo", "Preference optimisation: lines with prompt, chosen and rejected." + SharedEnd) { Beta, PreferenceLoss, LabelSmoothing };
        Prm = new Command("prm", "A process reward model: lines with prompt, completions and labels, or with prompt, prefix, chosen and rejected."
            + SharedEnd) { StepLoss };
        foreach (var method in new[] { Sft, Dpo, Prm })
        {
            method.Arguments.Add(File);
            foreach (var option in SharedOptions())
            {
                method.Options.Add(option);
            }
        }

        Definition = new Command("train", "Trains a LoRA adapter on a data set of JSON lines (docs/data-sets.md).") { Sft, Dpo, Prm };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>train sft.</summary>
    public Command Sft { get; }

    /// <summary>train dpo.</summary>
    public Command Dpo { get; }

    /// <summary>train prm.</summary>
    public Command Prm { get; }

    /// <summary>The data set.</summary>
    public Argument<string> File { get; } = new("FILE") { Description = "The data set: one JSON object a line" };

    /// <summary>The adapter's folder.</summary>
    public Option<string?> Out { get; } = new("--out")
    {
        HelpName = "FOLDER",
        Description = "Write the adapter here [default: adapters/NAME-METHOD, NAME being FILE's]",
    };

    /// <summary>An adapter to go on from.</summary>
    public Option<string?> Adapter { get; } = AdapterPath.Option(
        "--adapter", "Go on from the adapter of this folder, or of this self-play run's, whose rank, alpha and targets stay; for dpo also the reference policy");

    /// <summary>r.</summary>
    public Option<int> Rank { get; } = OptionKinds.Count("--rank", "Rank of a new adapter [default: 8]", null, 1, 64);

    /// <summary>alpha.</summary>
    public Option<double> Alpha { get; } = OptionKinds.Real(
        "--alpha", "The update is scaled by alpha / rank [default: twice the rank]", null, "a number above 0, at most 1024", x => x is > 0 and <= 1024);

    /// <summary>The adapted projections.</summary>
    public Option<string?> Targets { get; } = new("--targets")
    {
        HelpName = "NAMES",
        Description = "The adapted projections, with commas between: q_proj,v_proj,… [default: all seven]",
    };

    /// <summary>The peak learning rate.</summary>
    public Option<double> LearningRate { get; } = OptionKinds.Real(
        "--lr", "The peak learning rate [default: 1e-4, for dpo 2e-5]", null, "a number above 0, at most 1", x => x is > 0 and <= 1);

    /// <summary>What follows the warm-up.</summary>
    public Option<string> Schedule { get; } = OptionKinds.Word("--schedule", "How the rate goes after the warm-up", "constant", "constant", "cosine");

    /// <summary>Steps of warm-up.</summary>
    public Option<int> Warmup { get; } = OptionKinds.Count("--warmup", "Steps in which the rate climbs from 0", 0, 0, 1_000_000);

    /// <summary>Passes over the data.</summary>
    public Option<int> Epochs { get; } = OptionKinds.Count("--epochs", "Passes over the data", 1, 1, 1000);

    /// <summary>Steps at most.</summary>
    public Option<int> MaxSteps { get; } = OptionKinds.Count("--max-steps", "Stop after so many steps [default: no limit]", null, 1, 100_000_000);

    /// <summary>Tokens of a forward pass.</summary>
    public Option<int> Tokens { get; } = OptionKinds.Count("--tokens-per-batch", "Tokens of one forward pass", 1024, 64, 65_536);

    /// <summary>Forward passes a step.</summary>
    public Option<int> Accumulation { get; } = OptionKinds.Count("--accumulation", "Forward passes a step", 1, 1, 1024);

    /// <summary>The longest row.</summary>
    public Option<int> MaxRowTokens { get; } = OptionKinds.Count("--max-row-tokens", "The longest row, in tokens", 2048, 2, 65_536);

    /// <summary>Leave longer rows out.</summary>
    public Option<bool> SkipLong { get; } = new("--skip-long") { Description = "Leave longer rows out in place of refusing the data set" };

    /// <summary>How base weights are held.</summary>
    public Option<string> Base { get; } = OptionKinds.Word("--base", "How the base model's weights are held", "bfloat16", "bfloat16", "float32");

    /// <summary>Compute layers again.</summary>
    public Option<bool> Checkpointing { get; } = new("--gradient-checkpointing")
    {
        Description = "Take less memory and more time: compute layers again in place of keeping their activations",
    };

    /// <summary>The seed.</summary>
    public Option<ulong> Seed { get; } = OptionKinds.Seed();

    /// <summary>dpo: β.</summary>
    public Option<double> Beta { get; } = OptionKinds.Real("--beta", "How far the policy may go from its reference: smaller is further", 0.1,
        "a number above 0, at most 10", x => x is > 0 and <= 10);

    /// <summary>dpo: the loss.</summary>
    public Option<string> PreferenceLoss { get; } = OptionKinds.Word("--loss", "The preference loss", "sigmoid", "sigmoid", "ipo", "hinge");

    /// <summary>dpo: label smoothing.</summary>
    public Option<double> LabelSmoothing { get; } = OptionKinds.Real("--label-smoothing", "The share of pairs taken to be the wrong way round, for sigmoid", 0,
        "a number from 0 to below 0.5", x => x is >= 0 and < 0.5);

    /// <summary>prm: the loss.</summary>
    public Option<string> StepLoss { get; } = OptionKinds.Word(
        "--loss", "Labels of 0 or 1, labels from 0 to 1, or pairs of steps", "soft", "hard", "soft", "pairs");

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var job = TrainJobReader.Read(parsed, this, terminal);
        return PreparedCommand.OnCoordinator((coordinator, ct) => new TrainRun(job, terminal).RunAsync(coordinator, ct));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed)
    {
        if (parsed.CommandResult.Command == Definition)
        {
            return "say how to train: train sft, dpo or prm FILE";
        }

        return parsed.GetResult(File) is not { Tokens.Count: > 0 }
            ? string.Create(CultureInfo.InvariantCulture, $"train {parsed.CommandResult.Command.Name} needs a FILE with the data set")
            : null;
    }

    /// <inheritdoc/>
    public object? RefusedJson(string message) => TrainResult.Failed(message);

    private IEnumerable<Option> SharedOptions() =>
    [
        Out, Adapter, Rank, Alpha, Targets, LearningRate, Schedule, Warmup, Epochs, MaxSteps, Tokens, Accumulation, MaxRowTokens, SkipLong, Base,
        Checkpointing, Seed, CommandLine.Json, CommandLine.Plain, CommandLine.Coordinator,
    ];
}
