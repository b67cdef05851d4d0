using System.Diagnostics;
using O1Coder.Sandbox.Tests;
using O1Coder.V1;

namespace O1Coder.Hostile.Tests;

/// <summary>Each hostile program gets its verdict, in time, and nothing of it is left behind.</summary>
public sealed class HostileProgramsTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private const int InternalError = (int)Verdict.InternalError;

    public static TheoryData<string> Cases { get; } =
        [.. Directory.EnumerateDirectories(HostileCase.Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Alone(string name)
    {
        var hostile = HostileCase.Load(name);
        await CheckAsync(host, hostile);
        if (hostile.Then is { } next)
        {
            await CheckAsync(host, HostileCase.Load(next));
        }
    }

    [Theory]
    [InlineData("rlimit")]
    [InlineData("auto")]
    public async Task Together_with_honest_neighbours(string limiter)
    {
        await using var crowded = await SandboxHost.StartAsync(("Limiter", limiter), ("Concurrency", 6));
        string[] names =
        [
            "s01-fork-bomb", "honest-sum", "s16-memory-hog", "honest-function", "s49-output-flood", "s08-ignores-signals", "honest-sum",
            "s05-kill-everyone", "s10-cpu-in-threads", "s25-million-files", "s26-leaves-files", "s82-fresh-box", "s13-ptrace",
            "s61-always-equal", "honest-judged-by-values", "s02-daemon", "s18-fills-shm", "s16-memory-in-children", "s18-shared-mapping",
        ];
        await Task.WhenAll(names.Select(name => CheckAsync(crowded, HostileCase.Load(name), timed: false)));
        Assert.Empty(LeftOvers.Find(crowded, runs: 6));
    }

    [Fact]
    public async Task Nothing_is_left_behind()
    {
        var mounts = await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken);
        foreach (var name in new[] { "s02-daemon", "s15-subreaper", "s04-child-keeps-stdout", "s26-leaves-files", "s01-fork-bomb", "s16-memory-hog" })
        {
            await CheckAsync(host, HostileCase.Load(name));
        }

        Assert.Empty(LeftOvers.Find(host, runs: 2));
        Assert.Equal(mounts, await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken));
    }

    private static async Task CheckAsync(SandboxHost host, HostileCase hostile, bool timed = true)
    {
        var began = Stopwatch.GetTimestamp();
        var response = await host.Client.ExecuteAsync(hostile.ToRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Assert.True(hostile.Expect.Contains(response.Verdict.ToString()), $"{hostile.Name}: expected {string.Join(" or ", hostile.Expect)}, got {response}");
        Assert.All(response.Results, result => Assert.NotEqual(InternalError, (int)result.Verdict));
        Assert.All(hostile.Forbid, text => Assert.All(response.Results, result => Assert.DoesNotContain(text, result.Actual + result.Stderr, StringComparison.Ordinal)));
        // Without a time of its own, a case may take its wall-clock limit and a second more; ten more where the machine is busy.
        var within = hostile.WithinS ?? ((hostile.Limits.WallS > 0 ? hostile.Limits.WallS : 10) + 1);
        Assert.True(!timed || took <= (within * hostile.Tests.Length) + 10, $"{hostile.Name} took {took:0.00} s");
    }
}
