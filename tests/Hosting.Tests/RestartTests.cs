using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting.Tests;

/// <summary>Processes that crash, and projects that are built again.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task ACrashedProcessIsStartedAgainUntilTheAttemptsAreUsedUp()
    {
        await using var test = new TestApplication();
        test.Script("bad", "echo run >> runs; exit 5").WithRestartPolicy(attempts: 2, firstDelay: TimeSpan.FromMilliseconds(10));
        test.Script("recovers", "[ -e once ] && sleep 600; touch once; exit 1").WithRestartPolicy(firstDelay: TimeSpan.Zero);
        test.Script("ends", "echo end >> ends; exit 0").WithRestartPolicy(firstDelay: TimeSpan.Zero);
        await test.StartAsync();
        Assert.Equal(5, (await test.ReachAsync("bad", KnownResourceStates.Exited)).ExitCode);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Path.Combine(test.Folder, "runs"), TestApplication.Limit)).Length);
        Assert.Contains(await test.LogAsync("bad"), line => line.Content.Contains("exit code 5; starts again in 0.02 s (2 of 2)", StringComparison.Ordinal));
        await test.Notifications.WaitForResourceHealthyAsync("recovers", WaitBehavior.StopOnResourceUnavailable, TestApplication.Limit);
        await test.ReachAsync("ends", KnownResourceStates.Finished);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(test.Folder, "ends"), TestApplication.Limit));
    }

    [Fact]
    public async Task AStopEndsTheWaitForTheNextAttempt()
    {
        await using var test = new TestApplication();
        test.Script("bad", "exit 5").WithRestartPolicy(firstDelay: TimeSpan.FromHours(1), lastDelay: TimeSpan.FromHours(1));
        await test.StartAsync();
        var waiting = await test.ReachAsync("bad", KnownResourceStates.Waiting);
        Assert.Equal(5, waiting.ExitCode);
        Assert.True((await test.App.ResourceCommands.ExecuteCommandAsync("bad", KnownResourceCommands.StopCommand, TestApplication.Limit)).Success);
        await test.ReachAsync("bad", KnownResourceStates.Exited);
    }

    [Fact]
    public void DelaysDoubleUpToTheLongest()
    {
        var policy = new RestartPolicy(9, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
        Assert.Equal([1, 2, 4, 5, 5], new[] { 1, 2, 3, 4, 1000 }.Select(attempt => policy.Delay(attempt).TotalSeconds));
    }

    [Fact]
    public async Task AProjectIsBuiltAgainAndStarted()
    {
        await using var test = new TestApplication();

        // A project without an SDK, which is built in a moment.
        SmallProject.Path = Path.Combine(test.Folder, "small.proj");
        await File.WriteAllTextAsync(SmallProject.Path, """
            <Project>
              <Target Name="Build">
                <Error Text="it is broken" Condition="Exists('broken')" />
                <Message Importance="high" Text="built in $(Configuration)" />
                <Touch Files="built" AlwaysCreate="true" />
              </Target>
            </Project>
            """, TestApplication.Limit);
        await File.WriteAllTextAsync(Path.Combine(test.Folder, "broken"), "", TestApplication.Limit);
        test.Builder.AddProject<SmallProject>("small").WithHttpEndpoint();
        await test.StartAsync();
        var first = (await test.ReachAsync("small", KnownResourceStates.Running)).StartTimeStamp;
        var commands = test.App.ResourceCommands;
        var failed = await commands.ExecuteCommandAsync("small", KnownResourceCommands.RebuildCommand, TestApplication.Limit);
        Assert.Contains("exit code 1", failed.Message, StringComparison.Ordinal);
        Assert.Contains(await test.LogAsync("small"), line => line.Content.Contains("it is broken", StringComparison.Ordinal));

        // What was up before is up after, with the program of before.
        var second = (await test.ReachAsync("small", KnownResourceStates.Running)).StartTimeStamp;
        Assert.True(second > first);
        File.Delete(Path.Combine(test.Folder, "broken"));
        Assert.True((await commands.ExecuteCommandAsync("small", KnownResourceCommands.RebuildCommand, TestApplication.Limit)).Success);
        Assert.True(File.Exists(Path.Combine(test.Folder, "built")));
        Assert.True((await test.ReachAsync("small", KnownResourceStates.Running)).StartTimeStamp > second);
    }

    private sealed class SmallProject : IProjectMetadata, IBuiltProject
    {
        public static string Path { get; set; } = "";

        public string ProjectPath => Path;

        public string TargetPath => new Projects.Hosting_Tests_Fixtures().TargetPath;
    }
}
