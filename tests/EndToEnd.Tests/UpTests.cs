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
        await using var run = AppHostProcess.Start(["--port", $"{port}"]);
        await run.WaitForOutputAsync($"O1Coder is up: coordinator http://127.0.0.1:{port}", TimeSpan.FromSeconds(90), Token);
        Assert.NotEmpty(run.FindLeftovers());

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
}
