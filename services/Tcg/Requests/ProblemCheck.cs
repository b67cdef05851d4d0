using Google.Protobuf.Collections;
using O1Coder.Problems;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Tcg;

/// <summary>Checks what this service uses of a problem.</summary>
internal static class ProblemCheck
{
    /// <summary>Refuses a problem that cannot be written tests for.</summary>
    /// <param name="problem">The problem, null where the field is absent.</param>
    /// <param name="field">Its name in the request.</param>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static void ThrowUnlessValid(V1.Problem? problem, string field)
    {
        ThrowUnless(problem is not null, field, null, "a problem");
        ThrowUnless(problem.Id.Length is >= 1 and <= Problem.MaxIdLength, $"{field}.id", problem.Id, $"1 to {Problem.MaxIdLength} characters");
        ThrowUnless(!string.IsNullOrWhiteSpace(problem.Statement), $"{field}.statement", problem.Statement, "the task in Markdown");
        ThrowUnless(
            problem.Mode is V1.ProblemMode.Stdio or V1.ProblemMode.Function, $"{field}.mode", (int)problem.Mode, "1 (stdio) or 2 (function)");
        ThrowUnless(problem.Language == V1.Language.Python, $"{field}.language", (int)problem.Language, "1 (python)");
        ThrowUnless(
            problem.Mode == V1.ProblemMode.Stdio ? problem.Signature.Length == 0 : PythonSignature.IsValid(problem.Signature),
            $"{field}.signature", problem.Signature,
            problem.Mode == V1.ProblemMode.Stdio ? "nothing in mode stdio" : "one line like 'def add(a: int, b: int) -> int:'");
        ThrowUnless(
            problem.ReferenceSolutions.Count <= Problem.MaxReferenceSolutions, $"{field}.reference_solutions",
            $"{problem.ReferenceSolutions.Count} programs", $"at most {Problem.MaxReferenceSolutions}");
        for (var i = 0; i < problem.ReferenceSolutions.Count; i++)
        {
            ThrowUnless(
                !string.IsNullOrWhiteSpace(problem.ReferenceSolutions[i]), $"{field}.reference_solutions[{i}]",
                problem.ReferenceSolutions[i], "a program");
        }

        CheckTests(problem.VisibleTests, problem.Mode, $"{field}.visible_tests");
        CheckTests(problem.HiddenTests, problem.Mode, $"{field}.hidden_tests");
    }

    private static void CheckTests(RepeatedField<V1.TestCase> tests, V1.ProblemMode mode, string field)
    {
        var kind = mode == V1.ProblemMode.Stdio ? V1.TestCase.KindOneofCase.Stdio : V1.TestCase.KindOneofCase.Assertion;
        for (var i = 0; i < tests.Count; i++)
        {
            ThrowUnless(tests[i].KindCase == kind, $"{field}[{i}].kind", tests[i].KindCase, $"{kind}, as the problem's mode says");
        }
    }
}
