using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace O1Coder.Hosting.Tests;

/// <summary>Nothing is left running, however the AppHost ends.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task StoppingEndsWholeTreesEvenThoseThatIgnoreIt()
    {
        await using var test = new TestApplication();

        // A child that ignores SIGTERM, one in a session of its own, and an orphan of a process that has ended.
        test.Script("tree", """
            bash -c 'trap "" TERM; echo $$ > stubborn.pid; while true; do sleep 1; done' &
            setsid bash -c 'echo $$ > session.pid; exec sleep 600' &
            bash -c '(trap "" TERM; exec setsid bash -c "echo \$\$ > orphan.pid; exec sleep 600") &'
            trap "" TERM
            echo $$ > root.pid
            while true; do sleep 1; done
            """);
        test.Script("ended", "setsid bash -c 'trap \"\" TERM; echo $$ > left.pid; while true; do sleep 1; done' & exit 0");
        await test.StartAsync();
        var pids = await Task.WhenAll(new[] { "stubborn", "session", "orphan", "root", "left" }
            .Select(name => TestApplication.PidAsync(test.Folder, $"{name}.pid")));
        Assert.All(pids, pid => Assert.True(TestApplication.IsAlive(pid)));

        var clock = Stopwatch.StartNew();
        await test.App.StopAsync(TestApplication.Limit);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_limit);
        Assert.All(pids, pid => Assert.False(TestApplication.IsAlive(pid)));
    }

    [Fact]
    public async Task DependentsAreStoppedBeforeWhatTheyDependOn()
    {
        await using var test = new TestApplication();
        const string Polite = "trap 'echo {0} >> order; exit 0' TERM; echo up > {0}.up; while true; do sleep 0.05; done";
        var first = test.Script("first", string.Format(null, Polite, "first"));
        var second = test.Script("second", string.Format(null, Polite, "second")).WaitFor(first);
        test.Script("third", string.Format(null, Polite, "third")).WaitFor(second);
        await test.StartAsync();
        await test.ReachAsync("third", KnownResourceStates.Running);
        foreach (var name in new[] { "first", "second", "third" })
        {
            await WaitForFileAsync(Path.Combine(test.Folder, $"{name}.up"));
        }

        await test.App.StopAsync(TestApplication.Limit);
        Assert.Equal(["third", "second", "first"], await File.ReadAllLinesAsync(Path.Combine(test.Folder, "order"), TestApplication.Limit));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(Libc.SIGTERM)]
    [InlineData(Libc.SIGKILL)]
    public async Task AnAppHostThatIsToldToEndOrKilledLeavesNothingBehind(int signal)
    {
        var folder = Directory.CreateTempSubdirectory("hosting-tests-").FullName;
        var start = new ProcessStartInfo(ProjectCommand.DotnetPath(), [new Projects.Hosting_Tests_Fixtures().TargetPath, "apphost", folder])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        using var appHost = Process.Start(start)!;
        var output = appHost.StandardOutput.ReadToEndAsync(TestApplication.Limit);
        var pids = await Task.WhenAll(new[] { "first.pid", "second.pid", "stubborn.pid" }
            .Select(file => TestApplication.PidAsync(folder, file)));
        var guard = ChildrenOf(appHost.Id).Except(pids).ToArray();

        var clock = Stopwatch.StartNew();
        Assert.True(Libc.Signal(appHost.Id, signal));
        await appHost.WaitForExitAsync(TestApplication.Limit);
        await TestApplication.AssertEndAsync(s_limit, [.. pids, .. guard]);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_limit);
        Assert.Single(guard);

        var text = await output;
        Assert.Contains("Distributed application started. Press Ctrl+C to shut down.", text, StringComparison.Ordinal);
        if (signal != Libc.SIGKILL)
        {
            Assert.Equal(0, appHost.ExitCode);
            Assert.Contains("second | second is up", text, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<int> ChildrenOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)
            .Concat(Directory.EnumerateDirectories($"/proc/{pid}/task").SelectMany(task =>
                File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)))
            .Distinct();

    private static async Task WaitForFileAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        while (!File.Exists(path))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{path} was not written");
            await Task.Delay(20, TestApplication.Limit);
        }
    }
}
