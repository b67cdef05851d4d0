namespace O1Coder.Cli.Commands;

/// <summary>A command that is done, or ready to run on a coordinator.</summary>
internal sealed class PreparedCommand
{
    private PreparedCommand(int? exitCode, Func<Uri, CancellationToken, Task<int>>? run)
    {
        ExitCode = exitCode;
        Run = run;
    }

    /// <summary>One of <see cref="ExitCodes"/> when the command is done.</summary>
    public int? ExitCode { get; }

    /// <summary>Else: runs it; failures are reported, not thrown; gives one of <see cref="ExitCodes"/>.</summary>
    public Func<Uri, CancellationToken, Task<int>>? Run { get; }

    /// <summary>The command did all it had to.</summary>
    public static PreparedCommand Done(int exitCode) => new(exitCode, null);

    /// <summary>The command needs a coordinator.</summary>
    public static PreparedCommand OnCoordinator(Func<Uri, CancellationToken, Task<int>> run) => new(null, run);
}
