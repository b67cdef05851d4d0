using System.CommandLine;
using O1Coder.Cli.SelfPlay;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder selfplay.</summary>
internal sealed class SelfPlayCommand : ICliCommand
{
    /// <summary>Makes the command.</summary>
    public SelfPlayCommand() => Definition = new Command("selfplay",
        "Lets the system learn from problems by itself: it searches, trains its test-case generator, policy and process reward "
        + "model on what it found, and keeps what is no worse on problems set aside. Stop it whenever you like: the same command "
        + "goes on. Exit code: 0 done, 2 bad input or a failure, 130 stopped by Ctrl+C.")
    {
        Problems, Evaluation, Iterations, Limit, Quick, Run, Seed, Rollouts, Prm, Schedule, Gamma, Rewards, Samples, Rows, Base,
        CommandLine.Json, CommandLine.Plain, CommandLine.Coordinator,
    };

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>The problems' folder.</summary>
    public Option<string?> Problems { get; } = new("--problems")
    {
        HelpName = "FOLDER",
        Description = "Problems to learn from, for example problems/practice; those named in its evaluation.txt are set aside for evaluations",
    };

    /// <summary>Another folder of problems for evaluations.</summary>
    public Option<string?> Evaluation { get; } = new("--evaluation")
    {
        HelpName = "FOLDER",
        Description = "Problems for evaluations, in place of those that evaluation.txt names",
    };

    /// <summary>Iterations.</summary>
    public Option<int> Iterations { get; } = OptionKinds.Count("--iterations", "How often to go through process rewards and reinforcement learning", 1, 1, 1000);

    /// <summary>Learning problems at most.</summary>
    public Option<int> Limit { get; } = OptionKinds.Count("--limit", "Learn from so many problems at most, the first by id [default: all]", null, 1, 100_000);

    /// <summary>Small everywhere.</summary>
    public Option<bool> Quick { get; } = new("--quick")
    {
        Description = "Small everywhere, to see the loop turn; made to take less than 20 minutes with --limit 8 on two idle cores",
    };

    /// <summary>The run's name.</summary>
    public Option<string?> Run { get; } = new("--run")
    {
        HelpName = "NAME",
        Description = "The run's name [default: the newest unfinished run of the same settings and problems, else a new one]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (text.Length is 0 or > 64 || text == "latest" || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                result.AddError($"--run is \"{text}\"; expected 1 to 64 letters, digits, '-' and '_', and not \"latest\"");
            }

            return text;
        },
    };

    /// <summary>The seed.</summary>
    public Option<ulong> Seed { get; } = OptionKinds.Seed();

    /// <summary>Rollouts a search.</summary>
    public Option<int> Rollouts { get; } = OptionKinds.Count("--rollouts", "Attempts a search [default: 16, quick 6]", null, 1, 10_000);

    /// <summary>How the process reward model is trained.</summary>
    public Option<string> Prm { get; } = OptionKinds.Word("--prm", "What the process reward model learns: labels of 0 or 1, values, or which of two is better", "soft", "hard", "soft", "pairs");

    /// <summary>How alpha falls.</summary>
    public Option<string> Schedule { get; } = OptionKinds.Word("--schedule", "How the outcome's share of the reward falls", "linear", "linear", "logarithmic", "code");

    /// <summary>Gamma.</summary>
    public Option<double> Gamma { get; } = OptionKinds.Real("--gamma", "Discount of later steps' process rewards", 0.9, "a number above 0 and at most 1", gamma => gamma is > 0 and <= 1);

    /// <summary>Further rewards.</summary>
    public Option<string?> Rewards { get; } = RewardsOption.Create("What paths are rewarded for beside tests and steps");

    /// <summary>Samples of evaluations.</summary>
    public Option<int> Samples { get; } = OptionKinds.Count("--samples", "Samples a problem for pass@k before and after [default: 16, quick 1]", null, 1, 1024);

    /// <summary>Rows of training data.</summary>
    public Option<int> Rows { get; } = OptionKinds.Count("--rows", "Rows of training data of each part at most: training is most of a long run's time [default: 300 to 600, quick 8 to 16]", null, 1, 100_000);

    /// <summary>How base weights are held while training.</summary>
    public Option<string> Base { get; } = OptionKinds.Word("--base", "How the base model's weights are held while training", "bfloat16", "bfloat16", "float32");

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var job = PlayJobReader.Read(parsed, this, terminal);
        return PreparedCommand.OnCoordinator((coordinator, ct) => new PlayRun(job, terminal).RunAsync(coordinator, ct));
    }

    /// <inheritdoc/>
    public object? RefusedJson(string message) => PlayResult.Refused(message);
}
