using O1Coder.Problems;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Prm;

/// <summary>Checks the fields that requests share.</summary>
internal static class PrmRequests
{
    /// <summary>The most steps of a path, and the most candidates.</summary>
    public const int MostSteps = 64;

    /// <summary>Refuses a problem that lacks what a prompt needs.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static void CheckProblem(V1.Problem? problem, string field)
    {
        ThrowUnless(problem is not null, field, null, "a problem");
        ThrowUnless(!string.IsNullOrWhiteSpace(problem.Statement), $"{field}.statement", problem.Statement, "the task in Markdown");
        ThrowUnless(
            problem.Mode is V1.ProblemMode.Stdio or V1.ProblemMode.Function, $"{field}.mode", (int)problem.Mode, "1 (stdio) or 2 (function)");
        ThrowUnless(
            problem.Mode == V1.ProblemMode.Stdio || PythonSignature.IsValid(problem.Signature),
            $"{field}.signature", problem.Signature, "one line like 'def add(a: int, b: int) -> int:'");
        var kind = problem.Mode == V1.ProblemMode.Stdio ? V1.TestCase.KindOneofCase.Stdio : V1.TestCase.KindOneofCase.Assertion;
        for (var i = 0; i < problem.VisibleTests.Count; i++)
        {
            var test = problem.VisibleTests[i];
            ThrowUnless(test.KindCase == kind, $"{field}.visible_tests[{i}].kind", test.KindCase, $"{kind}, as the problem's mode says");
        }
    }

    /// <summary>Refuses steps of which there are too few or too many, or that do nothing that is known.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static void CheckSteps(IReadOnlyList<V1.ReasoningStep> steps, string field, int least)
    {
        ThrowUnless(steps.Count >= least && steps.Count <= MostSteps, field, $"{steps.Count} steps", $"{least} to {MostSteps} steps");
        for (var i = 0; i < steps.Count; i++)
        {
            CheckStep(steps[i], $"{field}[{i}]");
        }
    }

    /// <summary>Refuses a step that does nothing that is known.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static void CheckStep(V1.ReasoningStep? step, string field)
    {
        ThrowUnless(step is not null, field, null, "a step");
        ThrowUnless(
            step.Action is V1.StepAction.DefineStructure or V1.StepAction.Refine or V1.StepAction.Code or V1.StepAction.Think, $"{field}.action",
            (int)step.Action, "1 (define structure), 2 (refine), 3 (code) or 4 (think)");
    }
}
