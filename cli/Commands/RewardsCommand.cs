using System.CommandLine;
using O1Coder.Cli.Rewarding;

namespace O1Coder.Cli.Commands;

/// <summary>o1coder rewards: what a program is worth on a problem, and why.</summary>
internal sealed class RewardsCommand : ICliCommand
{
    /// <summary>Makes the command.</summary>
    public RewardsCommand() => Definition = new Command("rewards",
        "Runs a program in the sandbox against all tests of a problem, measures it beside the reference solution, checks the problem's "
        + "conditions with z3 where it is installed, and prints every part of its reward. Exit code: 0 every test passes and no condition is refuted, 1 not, 2 bad input.")
    {
        Problem, Program, Rewards, Process, Step, Limiter, CommandLine.Json,
    };

    /// <inheritdoc/>
    public Command Definition { get; }

    /// <summary>The problem.</summary>
    public Argument<string> Problem { get; } = new("PROBLEM") { Description = "A problem in Markdown (problems/README.md)" };

    /// <summary>The program.</summary>
    public Argument<string> Program { get; } = new("PROGRAM") { Description = "A Python program" };

    /// <summary>What is rewarded.</summary>
    public Option<string?> Rewards { get; } = RewardsOption.Create("What the program is rewarded for, with which weights");

    /// <summary>Process rewards.</summary>
    public Option<string?> Process { get; } = new("--process")
    {
        HelpName = "R1,R2,…",
        Description = "Rewards of the steps that led to it, each from 0 to 1: shows phi too",
    };

    /// <summary>Where training stands.</summary>
    public Option<int> Step { get; } = OptionKinds.Count("--step", "t of alpha(t) = max(0.1, 1 - 0.01 t), the outcome's share of phi", 0, 0, int.MaxValue);

    /// <summary>What holds limits.</summary>
    public Option<string> Limiter { get; } = OptionKinds.Word(
        "--limiter", "What holds memory and processes", "auto", "auto", "cgroup-v2", "cgroup-v1", "rlimit");

    /// <inheritdoc/>
    public PreparedCommand Prepare(ParseResult parsed, Terminal terminal) => PreparedCommand.Done(RewardsJob.Read(parsed, this, terminal).Run(terminal));

    /// <inheritdoc/>
    public string? Explain(ParseResult parsed) =>
        parsed.GetResult(Program) is not { Tokens.Count: > 0 } ? "rewards needs a PROBLEM and a PROGRAM" : null;

    /// <inheritdoc/>
    public object? RefusedJson(string message) => new { Ok = false, Error = message };
}
