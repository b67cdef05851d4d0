using System.Text;
using O1Coder.Problems;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Checks a problem as it came and turns it into the library's type.</summary>
internal static class ProblemReading
{
    // What one sandbox call takes at most: the final judgement runs all tests in one.
    private const int MostTests = 1000;
    private const int LongestTitle = 200;

    /// <summary>The problem.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static Problem Read(V1.Problem? given)
    {
        ThrowUnless(given is not null, "problem", null, "a problem");
        ThrowUnless(IsId(given.Id), "problem.id", given.Id, "1 to 64 letters, digits, '-' and '_'");
        ThrowUnless(
            given.Title.Length <= LongestTitle && !given.Title.Contains('\n', StringComparison.Ordinal),
            "problem.title", given.Title, $"one line of at most {LongestTitle} characters");
        ThrowUnless(!string.IsNullOrWhiteSpace(given.Statement), "problem.statement", given.Statement, "the task in Markdown");
        ThrowUnless(
            Encoding.UTF8.GetByteCount(given.Statement) <= Problem.MaxStatementBytes,
            "problem.statement", given.Statement, $"at most {Problem.MaxStatementBytes} bytes");
        ThrowUnless(
            given.Mode is V1.ProblemMode.Stdio or V1.ProblemMode.Function, "problem.mode", (int)given.Mode, "1 (stdio) or 2 (function)");
        ThrowUnless(given.Language == V1.Language.Python, "problem.language", (int)given.Language, "1 (python)");
        ThrowUnless(
            given.VisibleTests.Count + given.HiddenTests.Count <= MostTests, "problem.hidden_tests",
            $"{given.HiddenTests.Count} tests", $"at most {MostTests} tests, visible and hidden together");

        var mode = given.Mode == V1.ProblemMode.Stdio ? ProblemMode.Stdio : ProblemMode.Function;
        var problem = new Problem
        {
            Id = given.Id,
            Title = given.Title,
            Statement = given.Statement,
            Mode = mode,
            Signature = given.Signature,
            VisibleTests = [.. given.VisibleTests.Select((test, i) => ReadTest(test, mode, $"problem.visible_tests[{i}]"))],
            HiddenTests = [.. given.HiddenTests.Select((test, i) => ReadTest(test, mode, $"problem.hidden_tests[{i}]"))],
            Requires = given.Requires,
            Ensures = given.Ensures,
        };
        ThrowUnless(
            Math.Max(given.Requires.Count, given.Ensures.Count) <= Problem.MaxConditions, "problem.ensures",
            $"{given.Requires.Count} and {given.Ensures.Count} conditions", $"at most {Problem.MaxConditions} preconditions and as many postconditions");
        ThrowUnless(
            given.Requires.Concat(given.Ensures).All(condition => !string.IsNullOrWhiteSpace(condition) && condition.Length <= Problem.LongestCondition && !condition.Contains('\n', StringComparison.Ordinal)),
            "problem.ensures", "a condition", $"Python expressions of one line and at most {Problem.LongestCondition} characters");
        if (mode == ProblemMode.Stdio)
        {
            ThrowUnless(given.Signature.Length == 0, "problem.signature", given.Signature, "nothing in mode stdio");
        }
        else
        {
            ThrowUnless(PythonSignature.IsValid(given.Signature), "problem.signature", given.Signature, "one line like 'def add(a: int, b: int) -> int:'");
        }

        return problem;
    }

    /// <summary>
    /// What a search may see of a problem, as the wire has it: neither hidden tests nor reference solutions.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="visible">The tests that steer the search.</param>
    public static V1.Problem ToWire(Problem problem, IReadOnlyList<TestCase> visible) => new()
    {
        Id = problem.Id,
        Title = problem.Title,
        Statement = problem.Statement,
        Mode = problem.Mode == ProblemMode.Stdio ? V1.ProblemMode.Stdio : V1.ProblemMode.Function,
        Signature = problem.Signature,
        Language = V1.Language.Python,
        VisibleTests = { visible.Select(ToWire) },
    };

    /// <summary>A test as the wire has it.</summary>
    public static V1.TestCase ToWire(TestCase test) => test switch
    {
        StdioTest stdio => new V1.TestCase { Stdio = new V1.StdioTest { Stdin = stdio.Stdin, Stdout = stdio.Stdout } },
        AssertionTest assertion => new V1.TestCase { Assertion = new V1.AssertionTest { Code = assertion.Code } },
        _ => throw new ArgumentException($"test is '{test.GetType().Name}': expected a StdioTest or an AssertionTest", nameof(test)),
    };

    private static bool IsId(string id) => id.Length is >= 1 and <= Problem.MaxIdLength &&
        id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A test as the library has it.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: it is not of the mode.</exception>
    public static TestCase ReadTest(V1.TestCase given, ProblemMode mode, string field)
    {
        if (mode == ProblemMode.Stdio)
        {
            ThrowUnless(given.KindCase == V1.TestCase.KindOneofCase.Stdio, $"{field}.kind", given.KindCase, "stdio, as the problem's mode says");
            return new StdioTest(given.Stdio.Stdin, given.Stdio.Stdout);
        }

        ThrowUnless(given.KindCase == V1.TestCase.KindOneofCase.Assertion, $"{field}.kind", given.KindCase, "assertion, as the problem's mode says");
        ThrowUnless(!string.IsNullOrWhiteSpace(given.Assertion.Code), $"{field}.assertion.code", given.Assertion.Code, "an assert statement");
        return new AssertionTest(given.Assertion.Code);
    }
}
