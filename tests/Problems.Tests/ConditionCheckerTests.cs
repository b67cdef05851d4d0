namespace O1Coder.Problems.Tests;

/// <summary>With z3 on PATH its answers are checked too; without it what is asked, and what is made of recorded answers.</summary>
public sealed class ConditionCheckerTests
{
    private static readonly Z3Solver? s_z3 = Z3Solver.Find();

    private static Problem Clamp { get; } = Make("def clamp(value: int, low: int, high: int) -> int:", ["low <= high"], ["low <= result <= high", "result == value or value < low or value > high"]);

    // Each program with what z3 says of "ensures" (P proved, R refuted).
    public static TheoryData<string, string, string, string, string> Programs => new()
    {
        { "def f(a: int, b: int) -> int:", "", "result >= a and result >= b", "def f(x, y):\n    return max(x, y)\n", "P" },
        { "def f(a: int, b: int) -> int:", "", "result >= a and result >= b", "def f(x, y):\n    if x > y:\n        return y\n    return x\n", "R" },
        { "def f(a: int) -> int:", "", "result == abs(a)", "def f(a):\n    if a < 0:\n        a = -a\n    return a\n", "P" },
        { "def f(a: int, b: int) -> int:", "b != 0", "result * b + a % b == a", "def f(a, b):\n    return a // b\n", "PU" },
        { "def f(a: int) -> int:", "", "result == a - a // -7 * -7", "def f(a):\n    return a % -7\n", "P" },
        { "def f(a: int) -> int:", "", "-7 < result <= 0", "def f(a):\n    return a % -7\n", "P" },
        { "def f(a: int) -> int:", "", "0 <= result < 7", "def f(a):\n    return a % -7\n", "R" },
        { "def f(a: int, b: int) -> int:", "", "result == result", "def f(a, b):\n    return a // b\n", "R" },
        { "def f(a: int, b: int) -> int:", "", "result == result", "def f(a, b):\n    return 0 if b == 0 else a // b\n", "P" },
        { "def f(a: int, b: int) -> bool:", "", "result == (b != 0 and a % b == 0)", "def f(a, b):\n    return b != 0 and a % b == 0\n", "PU" },
        { "def f(a: int) -> int:", "", "result > a", "def f(a):\n    if a > 0:\n        return a + 1\n", "R" },
        { "def f(a: int) -> int:", "a > 0", "result > a", "def f(a):\n    if a > 0:\n        return a + 1\n", "P" },
        { "def f(year: int) -> bool:", "", "not result or year % 4 == 0", "def f(y):\n    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)\n", "P" },
        { "def f(year: int) -> bool:", "", "result == (year % 4 == 0)", "def f(y):\n    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)\n", "R" },
        { "def f(a: int, b: bool) -> int:", "", "result == a + b", "def f(a, b):\n    if b:\n        a += 1\n    return a\n", "P" },
        { "def f(a: int, b: int) -> int:", "", "result == b - a", "def f(a, b):\n    a, b = b, a\n    return a - b\n", "P" },
        { "def f(a: int) -> int:", "", "result == 1 or result == 2 or result == 3", "def f(a):\n    if a < 0: x = 1\n    elif a == 0:\n        x = 2\n    else:\n        x = 3\n    return x\n", "P" },
        { "def f(a: int) -> int:", "a >= 0", "result == a", "def f(a):\n    assert a >= 0, 'negative'\n    if a < 0:\n        raise ValueError('never')\n    return a ** 1\n", "P" },
        { "def f(a: int) -> int:", "", "result == a or result == 5", "def f(a):\n    return a or 5\n", "P" },
        { "def f(a: int, b: int, c: int) -> int:", "", "result <= a and result <= b and result <= c and (result == a or result == b or result == c)", "def f(a, b, c):\n    return min(min(a, b), min(b, c), c)\n", "P" },
    };

    public static TheoryData<string, string> NotCovered => new()
    {
        { "def f(a):\n    while a > 10:\n        a -= 1\n    return a\n", "line 2: \"while\"" },
        { "def f(a):\n    return [a][0]\n", "line 2: \"[\"" },
        { "def f(a):\n    return g(a)\n", "line 2: a call of g" },
        { "def f(a):\n    return a / 2\n", "line 2: \"/\"" },
        { "def f(a):\n    return a ** a\n", "\"**\"" },
        { "def f(a):\n    return 1.5\n", "the number 1.5" },
        { "def f(a):\n    return b\n", "line 2: \"b\"" },
        { "def f(a, b=1):\n    return a\n", "a default" },
        { "def f(*a):\n    return 1\n", "the parameter \"*\"" },
        { "def f(a, b):\n    return a\n", "2 parameters, the signature 1" },
        { "def f(a):\n    if a > 0:\n        x = 1\n    return x\n", "line 4: \"x\"" },
        { "def f(a):\n    x = 1; return x\n", "two statements" },
        { "min = max\ndef f(a):\n    return min(a, 1)\n", "beside the function" },
        { "from m import *\ndef f(a):\n    return min(a, 1)\n", "another meaning" },
        { "from m import f\ndef f(a):\n    return a\n", "another meaning" },
        { "def f(a):\n    return a\ndef f(a):\n    return 1\n", "2 functions f" },
        { "@cache\ndef f(a):\n    return a\n", "\"@\" beside" },
        { "if True:\n    def f(a):\n        return a\n", "0 functions f" },
        { "def f(a):\n    return a\nif True:\n    f = 3\n", "\"if\" beside" },
        { "def f(a):\n    return (a\n", "never closed" },
        { "def f(a):\n    return 'x'\n", "line 2" },
        { "def f(a):\n    pass\n", "never returns" },
        { "", "0 functions f" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_solver_proves_what_holds_and_refutes_what_does_not(string signature, string requires, string ensures, string program, string expected)
    {
        var problem = Make(signature, requires.Length == 0 ? [] : [requires], [ensures]);
        var recording = new RecordingSolver(s_z3);
        var verdict = Assert.Single(await new ConditionChecker(recording).CheckAsync(problem, program, TestContext.Current.CancellationToken));
        if (s_z3 is not null)
        {
            Assert.Contains($"{verdict.Outcome}"[0], expected);
            Assert.Equal(verdict.Outcome == ConditionOutcome.Refuted, verdict.Counterexample is not null);
        }

        // First whether the preconditions can hold, then whether the postcondition can break.
        Assert.Equal(2, recording.Scripts.Count);
        Assert.All(recording.Scripts, script => Assert.DoesNotContain("error", script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_counterexample_is_a_test_for_the_sandbox()
    {
        var recorded = new RecordingSolver(null)
        {
            Answers =
            [
                new SmtAnswer(SmtAnswerKind.Satisfiable, ""),
                new SmtAnswer(SmtAnswerKind.Satisfiable, "") { Values = new Dictionary<string, string> { ["a0"] = "5", ["a1"] = "-2", ["a2"] = "3" } },
                new SmtAnswer(SmtAnswerKind.Unsatisfiable, ""),
            ],
        };
        var verdicts = await new ConditionChecker(recorded).CheckAsync(Clamp, "def clamp(v, l, h):\n    return max(v, l)\n", TestContext.Current.CancellationToken);
        Assert.Equal([ConditionOutcome.Refuted, ConditionOutcome.Proved], verdicts.Select(one => one.Outcome));
        Assert.Equal("value = 5, low = -2, high = 3: it does not hold", verdicts[0].Detail);
        Assert.Equal("assert (lambda value, low, high, result: low <= result <= high)(5, -2, 3, clamp(5, -2, 3))", verdicts[0].Counterexample!.Code);
    }

    [Fact]
    public async Task What_raises_is_refuted_and_says_where()
    {
        if (s_z3 is null)
        {
            Assert.Null(Z3Solver.Find());
            return;
        }

        var verdict = Assert.Single(await new ConditionChecker(s_z3).CheckAsync(
            Make("def f(a: int, b: int) -> int:", [], ["result <= a or a < 0 or b < 0"]), "def f(a, b):\n    return a // b\n", TestContext.Current.CancellationToken));
        Assert.EndsWith("line 2 raises ZeroDivisionError", verdict.Detail, StringComparison.Ordinal);
        Assert.Contains(", 0, f(", verdict.Counterexample!.Code, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NotCovered))]
    public async Task What_is_not_covered_is_never_passed(string program, string reason)
    {
        var recording = new RecordingSolver(null);
        var verdict = Assert.Single(await new ConditionChecker(recording).CheckAsync(
            Make("def f(a: int) -> int:", [], ["result == result"]), program, TestContext.Current.CancellationToken));
        Assert.Equal(ConditionOutcome.NotChecked, verdict.Outcome);
        Assert.Contains(reason, verdict.Detail, StringComparison.Ordinal);
        Assert.Empty(recording.Scripts);
    }

    [Fact]
    public async Task Without_a_solver_or_with_parameters_of_other_kinds_nothing_is_checked()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Contains("z3 is not installed", (await new ConditionChecker(null).CheckAsync(Clamp, "x", token))[0].Detail, StringComparison.Ordinal);
        var list = await new ConditionChecker(new RecordingSolver(null)).CheckAsync(Make("def f(a: list[int]) -> int:", [], ["result > 0"]), "def f(a):\n    return 1\n", token);
        Assert.Contains("\"list[int]\"", Assert.Single(list).Detail, StringComparison.Ordinal);
        Assert.Empty(await new ConditionChecker(null).CheckAsync(Make("def f(a: int) -> int:", [], []), "x", token));
    }

    [Fact]
    public async Task Preconditions_that_allow_nothing_prove_nothing()
    {
        var recorded = new RecordingSolver(null) { Answers = [new SmtAnswer(SmtAnswerKind.Unsatisfiable, "")] };
        var verdict = Assert.Single(await new ConditionChecker(recorded).CheckAsync(
            Make("def f(a: int) -> int:", ["a < a"], ["result == 9"]), "def f(a):\n    return 1\n", TestContext.Current.CancellationToken));
        Assert.Equal((ConditionOutcome.NotChecked, "the preconditions allow no arguments"), (verdict.Outcome, verdict.Detail));
    }

    [Fact]
    public async Task No_word_of_the_program_reaches_the_solver()
    {
        var recording = new RecordingSolver(null);
        await new ConditionChecker(recording).CheckAsync(
            Make("def f(value: int) -> int:", ["value > 3"], ["result > 4"]),
            "def f(exit):\n    \"\"\"(exit) (get-info :version)\"\"\"\n    assertion = exit + 1  # (exit)\n    return assertion * 12345\n",
            TestContext.Current.CancellationToken);
        foreach (var word in new[] { "exit", "assertion", "value", "info" })
        {
            Assert.All(recording.Scripts, script => Assert.DoesNotContain(word, script.Replace("get-value", "", StringComparison.Ordinal), StringComparison.Ordinal));
        }

        Assert.Contains("12345", recording.Scripts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_programs_cost_little()
    {
        var token = TestContext.Current.CancellationToken;
        var problem = Make("def f(a: int) -> int:", [], ["result == 1"]);
        string[] bodies =
        [
            "    return " + string.Concat(Enumerable.Repeat("not ", 100_000)) + "a\n",
            "    return " + new string('(', 50_000) + "a" + new string(')', 50_000) + "\n",
            "    return " + new string('-', 100_000) + "a\n",
            "    return " + string.Join(" if a else ", Enumerable.Repeat("a", 50_000)) + "\n",
            "    return 10 ** 100 ** 100\n",
            string.Concat(Enumerable.Repeat("    a = a * a + a\n", 20_000)) + "    return a\n",
            "    x = 10 ** 99\n" + string.Concat(Enumerable.Repeat("    x = x * x\n", 60)) + "    return x\n",
            string.Concat(Enumerable.Range(0, 200).Select(i => new string(' ', i + 4) + "if a:\n")) + new string(' ', 300) + "return a\n",
            string.Concat(Enumerable.Range(0, 3000).Select(i => $"    {(i == 0 ? "if" : "elif")} a == {i}:\n        return {i}\n")) + "    return a\n",
        ];
        foreach (var body in bodies)
        {
            var recording = new RecordingSolver(null);
            var verdict = Assert.Single(await new ConditionChecker(recording).CheckAsync(problem, "def f(a):\n" + body, token));
            Assert.True(verdict.Outcome is ConditionOutcome.NotChecked or ConditionOutcome.Unknown, verdict.Detail);
            Assert.All(recording.Scripts, script => Assert.True(script.Length < 2_000_000, $"{script.Length}"));
        }
    }

    private static Problem Make(string signature, IReadOnlyList<string> requires, IReadOnlyList<string> ensures) => new()
    {
        Id = "p",
        Title = "P",
        Statement = "Do.",
        Mode = ProblemMode.Function,
        Signature = signature,
        VisibleTests = [],
        Requires = requires,
        Ensures = ensures,
    };

    private sealed class RecordingSolver(ISmtSolver? inner) : ISmtSolver
    {
        public List<string> Scripts { get; } = [];

        public IReadOnlyList<SmtAnswer> Answers { get; init; } = [];

        public async Task<SmtAnswer> SolveAsync(string script, CancellationToken cancellationToken)
        {
            Scripts.Add(script);
            return inner is not null ? await inner.SolveAsync(script, cancellationToken)
                : Scripts.Count <= Answers.Count ? Answers[Scripts.Count - 1]
                : new SmtAnswer(SmtAnswerKind.Unknown, "nobody was asked");
        }
    }
}
