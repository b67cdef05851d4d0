using System.Text.Json;

namespace O1Coder.Cli.Tests;

public sealed class RewardsTests : IDisposable
{
    private const string Problem = """
        ---
        id: greater
        mode: function
        signature: "def greater(a: int, b: int) -> int:"
        ---

        Return the greater of two numbers.

        ## Visible tests

        ```python
        assert greater(1, 2) == 2
        ```

        ## Hidden tests

        ```python
        assert greater(5, 3) == 5
        assert greater(2, 2) == 2
        ```

        ## Reference solution

        ```python
        def greater(a, b):
            return max(a, b)
        ```

        ## Conditions

        ```ensures
        result >= a and result >= b
        ```
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-rewards-").FullName;

    public RewardsTests()
    {
        File.WriteAllText(Path.Combine(_folder, "greater.md"), Problem);
        File.WriteAllText(Path.Combine(_folder, "right.py"), "def greater(x, y):\n    if x > y:\n        return x\n    return y\n");
        File.WriteAllText(Path.Combine(_folder, "lucky.py"), "def greater(x, y):\n    return y\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_right_program_is_measured_and_explained()
    {
        var (exitCode, report) = Json("right.py", "--rewards", "readability=1");
        Assert.Equal(ExitCodes.Solved, exitCode);
        Assert.Equal(("Accepted", false), (report.GetProperty("verdict").GetString(), report.GetProperty("overfit").GetBoolean()));

        // 4 lines beside 2 and complexity 2 beside 1: ½·½ + ½·½; (1 + ½)/2.
        Assert.Equal(0.75, report.GetProperty("total").GetDouble(), 1e-9);
        var condition = Assert.Single(report.GetProperty("conditions").EnumerateArray());
        Assert.Equal(Problems.Z3Solver.Find() is null ? "not_checked" : "proved", condition.GetProperty("outcome").GetString());
    }

    [Fact]
    public void A_program_that_fits_the_shown_tests_alone_is_flagged_and_refuted()
    {
        var (exitCode, report) = Json("lucky.py", "--rewards", "overfit=0.5", "--process", "0.5,1", "--step", "50");
        Assert.Equal(ExitCodes.NotSolved, exitCode);
        Assert.True(report.GetProperty("overfit").GetBoolean());

        // R = 0.1 + 0.9·2/3 − 0.5·1/2 = 0.45; α(50) = 0.5; 0.5·0.45 + 0.5·(0.9·0.5 + 0.81·1)/2.
        Assert.Equal(0.45, report.GetProperty("outcome").GetDouble(), 1e-9);
        Assert.Equal((0.5 * 0.45) + (0.5 * 0.63), report.GetProperty("total").GetDouble(), 1e-9);
        var condition = Assert.Single(report.GetProperty("conditions").EnumerateArray());
        if (Problems.Z3Solver.Find() is not null)
        {
            Assert.Equal(("refuted", "WrongAnswer"), (condition.GetProperty("outcome").GetString(), condition.GetProperty("sandbox").GetString()));
        }

        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.NotSolved, session.Prepare("rewards", "greater.md", "lucky.py").ExitCode);
        Assert.Contains("every visible test passes and 1 of 2 hidden ones fail", session.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rewards needs a PROBLEM and a PROGRAM", "greater.md")]
    [InlineData("PROGRAM is \"gone.py\"; expected a file", "greater.md", "gone.py")]
    [InlineData("gone.md", "gone.md", "right.py")]
    [InlineData("--rewards: speed=1", "greater.md", "right.py", "--rewards", "speed=1")]
    [InlineData("--process is \"2\"; expected numbers from 0 to 1", "greater.md", "right.py", "--process", "2")]
    [InlineData("--step is \"-1\"", "greater.md", "right.py", "--step", "-1")]
    public void Bad_input_gets_one_line(string message, params string[] args)
    {
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(["rewards", .. args]).ExitCode);
        Assert.Contains(message.Replace("--rewards: speed", "--rewards: reward is 'speed", StringComparison.Ordinal), Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private (int? ExitCode, JsonElement Report) Json(string program, params string[] args)
    {
        var session = new Session { Folder = _folder };
        var exitCode = session.Prepare(["rewards", "greater.md", program, "--json", .. args]).ExitCode;
        using var document = JsonDocument.Parse(session.Out);
        return (exitCode, document.RootElement.Clone());
    }
}
