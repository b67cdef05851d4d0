using System.Diagnostics;

namespace O1Coder.Sandbox.Tests;

/// <summary>The service's own program, started in ways that cannot work.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("--Sandbox:Python=/nowhere/python3", "error: no Python 3.8 or later answers as /nowhere/python3, do install python3")]
    [InlineData("--Sandbox:Concurrency=0", "error: ")]
    [InlineData("--Sandbox:Limiter=magic", "error: Limiter is not one of auto, cgroup-v2, cgroup-v1, rlimit")]
    [InlineData("--Sandbox:RunFolder=/proc/nowhere", "error: the run folder under '/proc/nowhere' cannot be made")]
    public async Task A_bad_start_is_one_line_and_exit_code_2(string argument, string line)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "O1Coder.Sandbox.dll"), "--urls=http://127.0.0.1:0", argument])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith(line, said, StringComparison.Ordinal);
        Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(", do ", said, StringComparison.Ordinal);
    }
}
