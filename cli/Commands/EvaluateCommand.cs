using System.CommandLine;
using System.Globalization;
using O1Coder.Cli.Evaluation;
using O1Coder.Search;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder evaluate.</summary>
internal sealed class EvaluateCommand : ICliCommand
{
    private const int MostSamples = 1024;
    private const int MostRollouts = 10_000;
    private const int MostTests = 1000;
    private const int MostProblems = 100_000;

    /// <summary>Makes the command.</summary>
    public EvaluateCommand()
    {
        Strategy.Aliases.Add("--strategy");
        Definition = new Command("evaluate",
        "Measures how many problems are solved: pass@k with confidence intervals, of one model or of two on the same problems "
        + "and seeds. Programs are always judged by all of a problem's tests. Interrupted, the same command goes on. "
        + "Exit code: 0 done, 2 bad input or a failure, 130 stopped by Ctrl+C.")
    {
        Problems, Format, Strategy, Samples, Temperature, Rollouts, Tests, Limit, Split, SkipBad, Adapter, Compare, Seed, Tcg, Prm, Out,
        CommandLine.Json, CommandLine.Plain, CommandLine.Coordinator,
    };
    }

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>The data set.</summary>
    public Argument<string> Problems { get; } = new("FILE|FOLDER")
    {
        Description = "A data set, or a folder of problems in this project's Markdown format, for example problems/starter",
    };

    /// <summary>The data set's format; null for what it looks like.</summary>
    public Option<string?> Format { get; } = OptionalWord(
        "--format", "The data set's format [default: what it looks like]", "markdown", "mbpp", "humaneval", "stdio");

    /// <summary>How programs are looked for; null where nobody said.</summary>
    public Option<string?> Strategy { get; } = OptionalWord(
        "--method",
        "How to look: greedy, sample, or a search, of which mcts is the default one; \"o1coder search methods\" lists them [default: greedy; sample where --samples is above 1]",
        ["greedy", "sample", "mcts", .. SearchMethods.Names.Except(["greedy", "sample"])]);

    /// <summary>Samples a problem.</summary>
    public Option<int> Samples { get; } = OptionKinds.Count("--samples", "Programs, or searches, a problem", 1, 1, MostSamples);

    /// <summary>The temperature; null for the default.</summary>
    public Option<double?> Temperature { get; } = new("--temperature")
    {
        HelpName = "T",
        Description = "Sampling temperature of sample and mcts [default: 0.8]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var t) && t is > 0 and <= 5)
            {
                return t;
            }

            result.AddError($"--temperature is \"{text}\"; expected a number above 0 and at most 5");
            return null;
        },
    };

    /// <summary>Rollouts of one search.</summary>
    public Option<int> Rollouts { get; } = OptionKinds.Count("--rollouts", "Attempts that one search may make, with mcts", 32, 1, MostRollouts);

    /// <summary>How many tests are shown: 0 for none, <see cref="int.MaxValue"/> for all; absent where nobody said.</summary>
    public Option<int> Tests { get; } = new("--tests")
    {
        HelpName = "all|none|N",
        Description = "Which of a problem's visible tests the model and the search see: all, none (a search gets generated ones), or the first N [default: all]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            switch (text)
            {
                case "all":
                    return int.MaxValue;
                case "none":
                    return 0;
                default:
                    if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= MostTests)
                    {
                        return n;
                    }

                    result.AddError($"--tests is \"{text}\"; expected all, none or a whole number from 1 to {MostTests}");
                    return 0;
            }
        },
    };

    /// <summary>Problems at most; 0 for all.</summary>
    public Option<int> Limit { get; } = OptionKinds.Count("--limit", "Take only the first N problems [default: all]", null, 1, MostProblems);

    /// <summary>Which problems of a folder with a split.</summary>
    public Option<string> Split { get; } = OptionKinds.Word(
        "--split", "Which problems of a folder whose evaluation.txt names those that nothing is learnt from", "all", "learn", "evaluation", "all");

    /// <summary>Leave malformed problems out.</summary>
    public Option<bool> SkipBad { get; } = new("--skip-bad") { Description = "Leave malformed problems out and say which; without it the first ends the command" };

    /// <summary>The adapter's folder; null for none.</summary>
    public Option<string?> Adapter { get; } = AdapterPath.Option("--adapter", "Run the model with the adapter of this folder, or of this self-play run's");

    /// <summary>What to compare with: "base" or another adapter's folder; null for nothing.</summary>
    public Option<string?> Compare { get; } = new("--compare")
    {
        HelpName = "base|FOLDER",
        Description = "Evaluate the model without an adapter (base), or with another one, on the same problems and seeds too, and tell the difference",
    };

    /// <summary>The seed.</summary>
    public Option<ulong> Seed { get; } = OptionKinds.Seed();

    /// <summary>Measure the test-case generator too.</summary>
    public Option<bool> Tcg { get; } = new("--tcg") { Description = "Also measure how many of the test cases that Tcg writes for problems with solutions are right" };

    /// <summary>Measure the process reward model too.</summary>
    public Option<bool> Prm { get; } = new("--prm") { Description = "With mcts, also compare Prm's reward of every step with what the search found out about it" };

    /// <summary>The results' file; null for none.</summary>
    public Option<string?> Out { get; } = new("--out")
    {
        HelpName = "FILE",
        Description = "Write one JSON object a problem and sample to this file; while it runs, to FILE.partial",
    };

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal)
    {
        var job = EvaluateJobReader.Read(parsed, this, terminal);
        return PreparedCommand.OnCoordinator((coordinator, ct) => new EvaluateRun(job, terminal).RunAsync(coordinator, ct));
    }

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) => parsed.GetResult(Problems) is not { Tokens.Count: > 0 }
        ? "evaluate needs a FILE or FOLDER with the problems"
        : null;

    /// <inheritdoc/>
    public object? RefusedJson(string message) => EvaluationResult.Refused(message);

    private static Option<string?> OptionalWord(string name, string description, params string[] words) => new(name)
    {
        HelpName = words.Length > 5 ? "NAME" : string.Join('|', words),
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!words.Contains(text))
            {
                result.AddError($"{name} is \"{text}\"; expected {string.Join(", ", words[..^1])} or {words[^1]}");
            }

            return text;
        },
    };
}
