namespace O1Coder.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var invocation = Invocation.Prepare(args);
        return invocation.ExitCode
            ?? await invocation.RunUntilSignalAsync(invocation.Coordinator ?? new Uri(CommandLine.DefaultCoordinator));
    }
}
