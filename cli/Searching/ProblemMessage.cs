using O1Coder.Problems;

namespace O1Coder.Cli.Searching;

/// <summary>Turns a problem as it stands in a file into the protocol's.</summary>
internal static class ProblemMessage
{
    /// <summary>The message: the split's tests, and neither of the file's solutions, which no search may see.</summary>
    public static V1.Problem Of(Problem problem, TestSplit split) => new()
    {
        Id = problem.Id,
        Title = problem.Title,
        Statement = problem.Statement,
        Mode = problem.Mode == ProblemMode.Stdio ? V1.ProblemMode.Stdio : V1.ProblemMode.Function,
        Signature = problem.Signature,
        Language = V1.Language.Python,
        VisibleTests = { split.Visible.Select(Of) },
        HiddenTests = { split.Hidden.Select(Of) },
    };

    /// <summary>The message with the file's own visible and hidden tests.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="withSolutions">Whether its reference solutions go with it, for who makes or checks tests.</param>
    public static V1.Problem Whole(Problem problem, bool withSolutions)
    {
        var message = Of(problem, new TestSplit(problem.VisibleTests, problem.HiddenTests, HeldOut.Given));
        if (withSolutions)
        {
            message.ReferenceSolutions.AddRange(problem.ReferenceSolutions);
            message.Requires.AddRange(problem.Requires);
            message.Ensures.AddRange(problem.Ensures);
        }

        return message;
    }

    /// <summary>A test as the protocol has it.</summary>
    public static V1.TestCase Of(TestCase test) => test switch
    {
        StdioTest stdio => new V1.TestCase { Stdio = new V1.StdioTest { Stdin = stdio.Stdin, Stdout = stdio.Stdout } },
        AssertionTest assertion => new V1.TestCase { Assertion = new V1.AssertionTest { Code = assertion.Code } },
        _ => throw new ArgumentException($"Unknown kind of test {test.GetType().Name}.", nameof(test)),
    };
}
