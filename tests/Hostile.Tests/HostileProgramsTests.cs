using O1Coder.Sandbox.Verification;

namespace O1Coder.Hostile.Tests;

/// <summary>
/// Each program of <c>tests/Hostile/cases</c> gets its verdict, several at once, and nothing of it is left behind: what
/// <c>o1coder sandbox verify</c> does, with the same reader and the same service.
/// </summary>
public sealed class HostileProgramsTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "cases");

    // What uses up most of what a limiter holds, beside what must not notice.
    private static readonly string[] s_crowd =
    [
        "s01-fork-bomb", "honest-sum", "s16-memory-hog", "honest-function", "s49-output-flood", "s08-ignores-signals", "function-json-values",
        "s05-kill-everyone", "s10-cpu-in-threads", "s25-million-files", "s26-leaves-files", "s82-fresh-box", "s13-ptrace",
        "s61-always-equal", "honest-judged-by-values", "s02-daemon", "s18-fills-shm", "s16-memory-in-children", "s18-shared-mapping",
    ];

    [Fact]
    public Task All_get_their_verdicts() => VerifyAsync(4, "auto", _ => true);

    [Fact]
    public Task A_crowd_gets_its_verdicts_where_no_group_can_be_made() => VerifyAsync(6, "rlimit", s_crowd.Contains);

    private static async Task VerifyAsync(int parallel, string limiter, Func<string, bool> isWanted)
    {
        // A bound in seconds is for a machine that does nothing else; this one may.
        var cases = CaseReader.ReadAll(s_folder).Where(one => isWanted(one.Name)).Select(one => one with { WithinSeconds = null }).ToList();
        Assert.NotEmpty(cases);
        await using var host = await VerifyHost.StartAsync(parallel, limiter);
        var before = await LeftOvers.BeforeAsync(host.Launcher, TestContext.Current.CancellationToken);
        var output = new StringWriter();
        var exitCode = await new VerifyRun(host, before, output, parallel).RunAsync(cases, 1, TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, output.ToString());
        Assert.EndsWith(" passed, 0 failed\n", output.ToString(), StringComparison.Ordinal);
    }
}
