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
        var folder = Directory.CreateDirectory(Path.Combine(test.Folder, "small")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "small.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><UseAppHost>false</UseAppHost>
              </PropertyGroup>
            </Project>
            """, TestApplication.Limit);
        var program = Path.Combine(folder, "Program.cs");
        await File.WriteAllTextAsync(program, "this is no program", TestApplication.Limit);
        test.Builder.AddProject("small", Path.Combine(folder, "small.csproj")).WithExplicitStart();
        await test.StartAsync();
        var commands = test.App.ResourceCommands;
        var failed = await commands.ExecuteCommandAsync("small", KnownResourceCommands.RebuildCommand, TestApplication.Limit);
        Assert.Contains("exit code 1", failed.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(await test.LogAsync("small"), line => line.Content.Contains("error CS", StringComparison.Ordinal));

        await File.WriteAllTextAsync(program, "System.Console.WriteLine(\"built\");", TestApplication.Limit);
        Assert.True((await commands.ExecuteCommandAsync("small", KnownResourceCommands.RebuildCommand, TestApplication.Limit)).Success);

        // It was down before, so it is down after.
        await test.ReachAsync("small", KnownResourceStates.Exited);
        Assert.True((await commands.ExecuteCommandAsync("small", KnownResourceCommands.StartCommand, TestApplication.Limit)).Success);
        await test.ReachAsync("small", KnownResourceStates.Finished);
        Assert.Contains(await test.LogAsync("small"), line => line.Content == "built");
    }
}
