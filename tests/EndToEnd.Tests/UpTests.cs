using System.Diagnostics;

namespace O1Coder.EndToEnd.Tests;

/// <summary><c>dotnet run --project AppHost</c> without arguments: up until Ctrl+C.</summary>
public sealed class UpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_resource_becomes_healthy_and_control_c_leaves_nothing()
    {
        var port = FreePort.Find();
        await using var run = AppHostProcess.Start(
            ["--port", $"{port}", "--threads", "3", "--boxes", "5", "--service-cores", "2"],
            new Dictionary<string, string> { ["O1CODER_TRAINER_THREADS"] = "4" });
        await run.WaitForOutputAsync($"O1Coder is up: coordinator http://127.0.0.1:{port}", TimeSpan.FromSeconds(90), Token);
        var login = await run.WaitForOutputAsync("Login to the dashboard at http://localhost:", TimeSpan.FromSeconds(30), Token);
        Assert.Matches("/login\\?t=[0-9a-f]{32}$", login);
        AssertHas(run, "Policy", "O1CODER_THREADS=3", "DOTNET_PROCESSOR_COUNT=3");
        AssertHas(run, "Trainer", "O1CODER_THREADS=4", "DOTNET_PROCESSOR_COUNT=4");
        AssertHas(run, "Sandbox", "Sandbox__Concurrency=5", "DOTNET_PROCESSOR_COUNT=2");
        AssertHas(run, "Coordinator", "DOTNET_PROCESSOR_COUNT=2");
        AssertHas(run, "Tcg", "DOTNET_PROCESSOR_COUNT=2");
        AssertHas(run, "Prm", "DOTNET_PROCESSOR_COUNT=2");

        var clock = Stopwatch.StartNew();
        run.PressControlC();
        await run.WaitForExitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
        Assert.Empty(run.FindLeftovers());
    }

    [Fact]
    public async Task Control_c_during_a_search_stops_it_and_leaves_nothing()
    {
        await using var run = AppHostProcess.Start(
            ["solve", Built.Problem("exact-payment"), "--rollouts", "500"]);
        await run.WaitForOutputAsync("rollout", TimeSpan.FromMinutes(2), Token);

        run.PressControlC();
        var exitCode = await run.WaitForExitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(130, exitCode);
        Assert.Empty(run.FindLeftovers());
    }

    private static void AssertHas(AppHostProcess run, string service, params string[] variables)
    {
        var environment = run.FindEnvironment($"O1Coder.{service}");
        Assert.All(variables, variable => Assert.Contains(variable, environment));
    }
}
