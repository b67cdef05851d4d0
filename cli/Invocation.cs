using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using O1Coder.Cli.Checks;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;

namespace O1Coder.Cli;

/// <summary>
/// One run of the command line. <see cref="Prepare"/> does everything that needs no running system; if
/// <see cref="ExitCode"/> is null after it, <see cref="RunAsync"/> does the rest on a coordinator.
/// </summary>
public sealed class Invocation
{
    private readonly SolveJob? _job;
    private readonly Terminal _terminal;

    private Invocation(Terminal terminal, int? exitCode, SolveJob? job, Uri? coordinator)
    {
        _terminal = terminal;
        _job = job;
        ExitCode = exitCode;
        Coordinator = coordinator;
    }

    /// <summary>
    /// Set when nothing has to be started: help, version and doctor, which have been shown, and bad input, which has been
    /// reported. One of <see cref="ExitCodes"/>.
    /// </summary>
    public int? ExitCode { get; }

    /// <summary>
    /// Where the user said that a running system answers: <c>--coordinator</c>, else the environment variable
    /// services__coordinator__http__0; null where neither is given.
    /// </summary>
    public Uri? Coordinator { get; }

    /// <summary>
    /// Parses the arguments and checks everything that can be checked without the system: the options' ranges, that the
    /// files exist, and that the problem is well-formed. Standard input is read here when it holds the problem.
    /// </summary>
    /// <param name="args">The arguments, without the program's name: <c>solve FILE …</c>.</param>
    /// <param name="terminal">Where to read and write; the process's own streams when null.</param>
    public static Invocation Prepare(string[] args, Terminal? terminal = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        terminal ??= Terminal.System();
        var commandLine = new CommandLine();
        var parsed = commandLine.Root.Parse(args);
        var command = parsed.CommandResult.Command;
        if (parsed.Action is HelpAction help)
        {
            return Done(terminal, ShowHelp(help, parsed, terminal));
        }

        if (parsed.GetValue(commandLine.Version) && command == commandLine.Root)
        {
            terminal.Out.WriteLine(ProductVersion);
            terminal.Out.Flush();
            return Done(terminal, ExitCodes.Solved);
        }

        if (args.Length == 0)
        {
            return Done(terminal, ShowHelp(new HelpAction(), commandLine.Root.Parse("--help"), terminal));
        }

        // A program that asked for JSON gets JSON whatever happens.
        var json = args.Contains("--json");
        if (parsed.Errors.Count > 0)
        {
            return Refuse(terminal, json, Explain(parsed, commandLine));
        }

        if (command == commandLine.Doctor)
        {
            return Done(terminal, Doctor.Run(terminal, json));
        }

        try
        {
            var job = SolveJobReader.Read(parsed, commandLine, terminal);
            return new Invocation(terminal, null, job, parsed.GetValue(commandLine.Coordinator) ?? FromEnvironment(terminal));
        }
        catch (BadInputException exception)
        {
            return Refuse(terminal, json, exception.Message);
        }
    }

    /// <summary>Runs the command on a coordinator. Failures are reported, not thrown.</summary>
    /// <param name="coordinator">Where the coordinator answers, for example http://127.0.0.1:7410.</param>
    /// <param name="ct">Stops the command within a second; the exit code is then <see cref="ExitCodes.Cancelled"/>.</param>
    /// <returns>One of <see cref="ExitCodes"/>; <see cref="ExitCode"/> when that is set already.</returns>
    public Task<int> RunAsync(Uri coordinator, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(coordinator);
        return _job is null
            ? Task.FromResult(ExitCode ?? ExitCodes.BadInput)
            : new SolveRun(_job, _terminal).RunAsync(coordinator, ct);
    }

    /// <summary>As <see cref="RunAsync"/>, stopped by Ctrl+C or SIGTERM; a second one ends the process at once.</summary>
    /// <param name="coordinator">Where the coordinator answers.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunUntilSignalAsync(Uri coordinator)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(coordinator, stopping.Token);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stopping.IsCancellationRequested;
            stopping.Cancel();
        }
    }

    private static string ProductVersion =>
        typeof(Invocation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static Invocation Done(Terminal terminal, int exitCode) => new(terminal, exitCode, null, null);

    private static Invocation Refuse(Terminal terminal, bool json, string message)
    {
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(SolveResult.Refused(message), JsonOutput.Options));
            terminal.Out.Flush();
        }

        return Done(terminal, terminal.Report(message));
    }

    private static int ShowHelp(HelpAction help, ParseResult parsed, Terminal terminal)
    {
        help.MaxWidth = Math.Clamp(terminal.Size().Width, Terminal.LeastHelpWidth, 100);
        parsed.InvocationConfiguration.Output = terminal.Out;
        help.Invoke(parsed);
        terminal.Out.Flush();
        return ExitCodes.Solved;
    }

    private static Uri? FromEnvironment(Terminal terminal)
    {
        var text = terminal.Variable(CommandLine.CoordinatorVariable);
        return string.IsNullOrEmpty(text)
            ? null
            : CommandLine.ParseAddress(text) ?? throw new BadInputException(
                $"{CommandLine.CoordinatorVariable} is \"{text}\"; expected an address such as {CommandLine.DefaultCoordinator}");
    }

    private static string Explain(ParseResult parsed, CommandLine commandLine)
    {
        if (parsed.CommandResult.Command == commandLine.Root)
        {
            return parsed.UnmatchedTokens.Count > 0
                ? $"unknown command \"{parsed.UnmatchedTokens[0]}\"; expected solve or doctor (--help explains them)"
                : "say what to do: solve or doctor (--help explains them)";
        }

        if (parsed.UnmatchedTokens.Count > 0)
        {
            return $"unexpected \"{parsed.UnmatchedTokens[0]}\"; --help shows what {parsed.CommandResult.Command.Name} takes";
        }

        return parsed.CommandResult.Command == commandLine.Solve && parsed.GetResult(commandLine.File) is not { Tokens.Count: > 0 }
            ? "solve needs a FILE with the problem, or \"-\" for standard input"
            : parsed.Errors[0].Message;
    }
}
