using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using O1Coder.Cli.Commands;
using O1Coder.Cli.Display;
using O1Coder.Cli.Telemetry;

namespace O1Coder.Cli;

/// <summary>
/// One run of the command line. <see cref="Prepare"/> does everything that needs no running system; if
/// <see cref="ExitCode"/> is null after it, <see cref="RunAsync"/> does the rest on a coordinator.
/// </summary>
public sealed class Invocation
{
    private readonly Func<Uri, TelemetryTarget?, CancellationToken, Task<int>>? _job;

    private Invocation(int? exitCode, Func<Uri, TelemetryTarget?, CancellationToken, Task<int>>? job, Uri? coordinator)
    {
        _job = job;
        ExitCode = exitCode;
        Coordinator = coordinator;
    }

    /// <summary>
    /// Set when nothing has to be started: help, version and commands that need no system, which are done, and bad input, which has been
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
        var command = commandLine.Find(parsed);
        if (parsed.Action is HelpAction help)
        {
            return Done(ShowHelp(help, parsed, terminal));
        }

        if (command is null && parsed.GetValue(commandLine.Version))
        {
            terminal.Out.WriteLine(ProductVersion);
            terminal.Out.Flush();
            return Done(ExitCodes.Solved);
        }

        if (args.Length == 0)
        {
            return Done(ShowHelp(new HelpAction(), commandLine.Root.Parse("--help"), terminal));
        }

        // A program that asked for JSON gets JSON whatever happens.
        var json = args.Contains("--json");
        if (parsed.Errors.Count > 0)
        {
            return Refuse(terminal, command, json, Explain(parsed, commandLine, command));
        }

        try
        {
            var prepared = command!.Prepare(parsed, terminal);
            return prepared.ExitCode is { } done
                ? Done(done)
                : new Invocation(null, Traced(parsed.CommandResult.Command.Name, prepared.Run!, terminal),
                    parsed.GetValue(CommandLine.Coordinator) ?? FromEnvironment(terminal));
        }
        catch (BadInputException exception)
        {
            return Refuse(terminal, command, json, exception.Message);
        }
    }

    /// <summary>Runs the command on a coordinator. Failures are reported, not thrown.</summary>
    /// <param name="coordinator">Where the coordinator answers, for example http://127.0.0.1:7410.</param>
    /// <param name="ct">Stops the command within a second; the exit code is then <see cref="ExitCodes.Cancelled"/>.</param>
    /// <param name="telemetry">Where the command's spans go; null for where OTEL_EXPORTER_OTLP_ENDPOINT says, if it does.</param>
    /// <returns>One of <see cref="ExitCodes"/>; <see cref="ExitCode"/> when that is set already.</returns>
    public Task<int> RunAsync(Uri coordinator, CancellationToken ct, TelemetryTarget? telemetry = null)
    {
        ArgumentNullException.ThrowIfNull(coordinator);
        return _job is null
            ? Task.FromResult(ExitCode ?? ExitCodes.BadInput)
            : _job(coordinator, telemetry, ct);
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

    private static Func<Uri, TelemetryTarget?, CancellationToken, Task<int>> Traced(
        string name, Func<Uri, CancellationToken, Task<int>> run, Terminal terminal) => async (coordinator, target, cancellationToken) =>
        {
            using var telemetry = CommandTelemetry.Start(name, target, terminal);
            var exitCode = await run(coordinator, cancellationToken);
            telemetry.End(exitCode);
            return exitCode;
        };

    private static Invocation Done(int exitCode) => new(exitCode, null, null);

    private static Invocation Refuse(Terminal terminal, ICliCommand? command, bool json, string message)
    {
        // Without a command that is known, the main one speaks.
        if (json && (command ?? new SolveCommand()).RefusedJson(message) is { } refused)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(refused, JsonOutput.Options));
            terminal.Out.Flush();
        }

        return Done(terminal.Report(message));
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

    private static string Explain(ParseResult parsed, CommandLine commandLine, ICliCommand? command)
    {
        if (command is null)
        {
            return parsed.UnmatchedTokens.Count > 0
                ? $"unknown command \"{parsed.UnmatchedTokens[0]}\"; expected {commandLine.Names} (--help explains them)"
                : $"say what to do: {commandLine.Names} (--help explains them)";
        }

        return parsed.UnmatchedTokens.Count > 0
            ? $"unexpected \"{parsed.UnmatchedTokens[0]}\"; --help shows what {parsed.CommandResult.Command.Name} takes"
            : command.Explain(parsed) ?? parsed.Errors[0].Message;
    }
}
