using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Tests;

/// <summary>What is made of HumanEval's and APPS' tests judges in the real sandbox as it should.</summary>
public sealed class CheckFunctionProofTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_check_that_is_kept_whole_passes_good_programs_and_fails_bad_ones()
    {
        var problem = Read("""
            {"task_id":"Own/1","prompt":"from typing import List\n\n\ndef value(xs: List[int], x):\n    \"\"\" Evaluates. \"\"\"\n    return sum(c * x ** i for i, c in enumerate(xs))\n\n\ndef root(xs: List[int]):\n    \"\"\" Finds x so that value(xs, x) is 0. \"\"\"\n","entry_point":"root","canonical_solution":"    return -xs[0] / xs[1]\n","test":"import math\n\ndef check(candidate):\n    assert math.fabs(candidate([2, 2]) + 1) < 1e-6\n    import random\n    rng = random.Random(42)\n    for _ in range(5):\n        xs = [rng.randint(-9, 9), rng.randint(1, 9)]\n        assert math.fabs(value(xs, candidate(xs.copy()))) < 1e-6\n"}
            """);
        Assert.Equal(2, problem.VisibleTests.Count);

        await AssertPassesAsync(problem, problem.ReferenceSolution!, passed: 2);

        // A model may leave out the function that the prompt gave.
        await AssertPassesAsync(problem, "def root(xs):\n    return -xs[0] / xs[1]\n", passed: 2);
        await AssertPassesAsync(problem, "def root(xs):\n    return -1.0\n", passed: 1);
    }

    [Fact]
    public async Task A_result_counts_with_and_without_the_list_around_it()
    {
        var problem = Read("""{"question":"Q","solutions":["class Solution:\n    def both(self, a, b):\n        return a + b\n"],"input_output":{"fn_name":"both","inputs":[[1,2],["a","\"\n\u0001é"]],"outputs":[[3],["a\"\n\u0001é"]]}}""");
        await AssertPassesAsync(problem, problem.ReferenceSolution!, passed: 2);
        await AssertPassesAsync(problem, "def both(a, b):\n    return [a + b]\n", passed: 2);
        await AssertPassesAsync(problem, "def both(a, b):\n    return 3\n", passed: 1);
    }

    private async Task AssertPassesAsync(Problem problem, string program, int passed)
    {
        var response = await sandbox.RunAsync(program, problem, stopAtFirstFailure: false);
        Assert.Equal(passed, response.Results.Count(result => result.Verdict == V1.Verdict.Accepted));
    }

    private Problem Read(string row) => DataSet.Read(_folder.Write("x.jsonl", row.Trim())).Problems.Single();
}
