using System.Text.Json;

namespace O1Coder.EndToEnd.Tests;

/// <summary>The main job: the whole system, the embedded model, real programs in the real sandbox.</summary>
public sealed class SolveTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_simple_problem_is_solved_and_everything_stops()
    {
        await using var run = AppHostProcess.Start(["solve", Built.Problem("reverse-words"), "--json"]);
        var exitCode = await run.WaitForExitAsync(s_patience, Token);

        Assert.True(exitCode == 0, run.Output + run.Errors);
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("solved", result.GetProperty("outcome").GetString());
        Assert.Contains("def reverse_words", result.GetProperty("program").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(result.GetProperty("log").GetString()));
        Assert.True(File.Exists(result.GetProperty("trace").GetString()));
        Assert.Empty(run.FindLeftovers());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_tree()
    {
        string[] arguments = ["solve", Built.Problem("exact-payment"), "--json", "--rollouts", "2", "--seed", "7"];
        var trees = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            await using var run = AppHostProcess.Start(arguments);
            var exitCode = await run.WaitForExitAsync(s_patience, Token);
            Assert.True(exitCode is 0 or 1, run.Output + run.Errors);
            trees.Add(JsonDocument.Parse(run.Output).RootElement.GetProperty("tree_hash").GetString());
        }

        Assert.Matches("^[0-9a-f]{64}$", trees[0]);
        Assert.Equal(trees[0], trees[1]);
    }
}
