using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

public sealed class VerdictTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    [Theory]
    [InlineData("print(int(input()) + 1)", "41", "42\n", Verdict.Accepted)]
    [InlineData("print('4 2')", "", " 4\n\n2 ", Verdict.Accepted)]
    [InlineData("print(41)", "", "42", Verdict.WrongAnswer)]
    [InlineData("print(42, 1)", "", "42", Verdict.WrongAnswer)]
    [InlineData("", "", "", Verdict.Accepted)]
    [InlineData("if __name__ == '__main__':\n  print(1)\n  exit()", "", "1", Verdict.Accepted)]
    [InlineData("import sys; print(42); sys.exit(3)", "", "42", Verdict.RuntimeError)]
    [InlineData("print(1 / 0)", "", "", Verdict.RuntimeError)]
    [InlineData("input()", "", "", Verdict.RuntimeError)]
    [InlineData("def f(:\n  pass", "", "", Verdict.CompileError)]
    [InlineData("while True: pass", "", "", Verdict.TimeLimit)]
    [InlineData("import time\ntime.sleep(60)", "", "", Verdict.TimeLimit)]
    [InlineData("x = []\nwhile True: x.append(bytearray(1 << 20))", "", "", Verdict.MemoryLimit)]
    [InlineData("raise MemoryError", "", "", Verdict.MemoryLimit)]
    [InlineData("while True: print('x' * 1000)", "", "", Verdict.OutputLimit)]
    [InlineData("import os\nos.chroot('/tmp')", "", "", Verdict.PolicyViolation)]
    public async Task Scripts_get_the_verdict_that_they_earn(string program, string input, string expected, Verdict verdict)
    {
        var result = await host.StdioAsync(program, input, expected, Short);
        Assert.True(verdict == result.Verdict, $"{result}");
    }

    [Theory]
    [InlineData("def f(x):\n  return x + 1", "assert f(1) == 2", Verdict.Accepted)]
    [InlineData("def f(x):\n  return x", "assert f(1) == 2", Verdict.WrongAnswer)]
    [InlineData("def f(x):\n  return x", "assert f(1) != 2 and f(2) is not None, 'text'", Verdict.Accepted)]
    [InlineData("def f(x):\n  x.sort()", "items = [2, 1]\nf(items)\nassert items == [1, 2]", Verdict.Accepted)]
    [InlineData("def f(g, x):\n  return g(g(x))", "assert f(lambda x: x * 2, 3) == 12", Verdict.Accepted)]
    [InlineData("def f(n):\n  yield from range(n)", "assert list(f(3)) == [0, 1, 2]", Verdict.Accepted)]
    [InlineData("class Stack:\n  def __init__(self):\n    self.items = []\n  def push(self, x):\n    self.items.append(x)\n  def pop(self):\n    return self.items.pop()",
        "stack = Stack()\nstack.push(1)\nassert stack.pop() == 1\nassert stack.items == []", Verdict.Accepted)]
    [InlineData("class Bad(ValueError):\n  pass\ndef f(x):\n  raise Bad('no')", "try:\n  f(1)\n  assert False\nexcept Bad as bad:\n  assert str(bad) == 'no'", Verdict.Accepted)]
    [InlineData("def f(x):\n  raise KeyError(x)", "try:\n  f(1)\nexcept LookupError:\n  pass", Verdict.Accepted)]
    [InlineData("def g(x):\n  return x", "def check(candidate):\n  assert candidate(1) == 1\n  assert candidate(2) == 3\ncheck(g)", Verdict.WrongAnswer)]
    [InlineData("import math\ndef f(x):\n  return math.sqrt(x)", "assert math.isclose(f(2) ** 2, 2)", Verdict.Accepted)]
    [InlineData("from collections import Counter, defaultdict\ndef f(x):\n  return Counter(x)", "assert f('aab') == {'a': 2, 'b': 1}", Verdict.Accepted)]
    [InlineData("from collections import namedtuple\nP = namedtuple('P', 'a b')\ndef f():\n  return [P(1, 2)]", "assert f() == [(1, 2)]", Verdict.Accepted)]
    [InlineData("def f():\n  return {1: {2, 3}, 'k': (b'x', 1j, None, 10 ** 400)}", "assert f() == {1: {2, 3}, 'k': (b'x', 1j, None, 10 ** 400)}", Verdict.Accepted)]
    [InlineData("from fractions import Fraction\ndef f():\n  return Fraction(1, 3)", "from fractions import Fraction\nassert f() == Fraction(2, 6)", Verdict.Accepted)]
    [InlineData("def max(a, b):\n  return a if a > b else b", "assert max(1, 2) == 2", Verdict.Accepted)]
    [InlineData("def f(x):\n  return 1 / 0", "assert f(1) == 2", Verdict.RuntimeError)]
    [InlineData("def g(x):\n  return 1", "assert f(1) == 2", Verdict.RuntimeError)]
    [InlineData("raise ValueError('import')", "assert f(1) == 2", Verdict.RuntimeError)]
    [InlineData("def f(x):\n  return x +", "assert f(1) == 2", Verdict.CompileError)]
    [InlineData("def f(x):\n  while True: pass", "assert f(1) == 2", Verdict.TimeLimit)]
    [InlineData("def f(x):\n  y = [bytearray(1 << 20) for _ in range(1 << 20)]\n  return len(y)", "assert f(1) == 2", Verdict.MemoryLimit)]
    [InlineData("def f(x):\n  while True: print('x' * 1000)", "assert f(1) == 2", Verdict.OutputLimit)]
    [InlineData("import os\ndef f(x):\n  os.chroot('/')\n  return 2", "assert f(1) == 2", Verdict.PolicyViolation)]
    public async Task Functions_get_the_verdict_that_they_earn(string program, string assertion, Verdict verdict)
    {
        var result = await host.AssertAsync(program, assertion, Short);
        Assert.True(verdict == result.Verdict, $"{result}");
    }

    [Fact]
    public async Task A_report_says_what_a_person_needs()
    {
        var response = await host.ExecuteAsync("def f(x):\n    return [x, 'é']", null,
            new TestCase { Assertion = new AssertionTest { Code = "assert f(1) == [1, 'é']" } },
            new TestCase { Assertion = new AssertionTest { Code = "assert f(2) == [3, 'é']" } },
            new TestCase { Assertion = new AssertionTest { Code = "assert f(4) == [4, 'é']" } });
        Assert.Equal((Verdict.WrongAnswer, 2, 3, 3, true), (response.Verdict, response.Passed, response.Total, response.Results.Count, response.Compiled));
        var first = response.FirstFailure;
        Assert.Equal((1, "assert f(2) == [3, 'é']", "[3, 'é']", "[2, 'é']"), (first.Index, first.Input, first.Expected, first.Actual));
        Assert.Equal("WrongAnswer on test 2 of 3; 2 passed", response.Message);
        Assert.InRange(response.Usage.PeakMemoryBytes, 4 << 20, 64 << 20);
        Assert.InRange(first.Usage.CpuSeconds, 0.001, 2);
        Assert.InRange(first.Usage.WallSeconds, 0.001, 5);
    }

    [Theory]
    [InlineData("def f(x):\n    while True: pass", true)]
    [InlineData("def f(x):\n    import os\n    os.abort()", true)]
    [InlineData("import sys\nsys.exit(0)", true)]
    [InlineData("def f(x:", false)]
    public async Task Whether_it_compiled_is_said_whatever_came_after(string program, bool compiled)
    {
        var response = await host.ExecuteAsync(program, Short, new TestCase { Assertion = new AssertionTest { Code = "assert f(1) == 1" } });
        Assert.Equal(compiled, response.Compiled);
        Assert.NotEqual(Verdict.Accepted, response.Verdict);
    }

    [Fact]
    public async Task A_traceback_shows_the_program_alone()
    {
        var result = await host.StdioAsync("def f():\n    return 1 / 0\nf()");
        Assert.Equal(1, result.ExitStatus);
        Assert.Equal(
            """
            Traceback (most recent call last):
              File "/program.py", line 3, in <module>
            """, string.Join('\n', result.Stderr.Split('\n')[..2]));
        Assert.EndsWith("ZeroDivisionError: division by zero\n", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("harness", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compile_error_names_the_line_and_ends_the_run()
    {
        var response = await host.ExecuteAsync("x = 1\ny = = 2\n", null, [.. Enumerable.Repeat(new TestCase { Stdio = new StdioTest() }, 5)]);
        Assert.Equal((Verdict.CompileError, false, 1, 5), (response.Verdict, response.Compiled, response.Results.Count, response.Total));
        Assert.StartsWith("line 2: SyntaxError: invalid syntax", response.FirstFailure.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_at_the_first_failure_leaves_the_rest()
    {
        var response = await host.Client.ExecuteAsync(new ExecuteRequest
        {
            Language = Language.Python,
            Program = "print(1)",
            StopAtFirstFailure = true,
            Tests = { new[] { "1", "2", "1" }.Select(text => new TestCase { Stdio = new StdioTest { Stdout = text } }) },
        }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((2, 1, 1), (response.Results.Count, response.Passed, response.FirstFailure.Index));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 4)]
    public async Task An_endless_loop_may_cost_its_limit_once(bool stop, int results)
    {
        var response = await host.Client.ExecuteAsync(new ExecuteRequest
        {
            Language = Language.Python,
            Program = "word = input()\nwhile word == 'loop':\n    pass\n",
            StopAtTimeLimit = stop,
            Limits = new ExecutionLimits { CpuSeconds = 0.2 },
            Tests = { new[] { "wrong", "loop", "loop", "fine" }.Select(text => new TestCase { Stdio = new StdioTest { Stdin = text, Stdout = text == "wrong" ? "x" : "" } }) },
        }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            (results, Verdict.WrongAnswer, stop ? 0 : 1, 4),
            (response.Results.Count, response.Verdict, response.Passed, response.Total));
        Assert.Equal(Verdict.TimeLimit, response.Results[1].Verdict);
    }

    [Fact]
    public async Task Large_input_and_output_pass_unharmed()
    {
        var line = new string('z', 1_000_000);
        var result = await host.StdioAsync("print(input())", line, line);
        Assert.Equal(Verdict.Accepted, result.Verdict);
        Assert.EndsWith("part of 1000000 bytes]", result.Input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_order_of_sets_is_the_same_each_time()
    {
        var first = await host.StdioAsync("print({'a', 'b', 'c', 'd', 'e'})");
        var second = await host.StdioAsync("print({'a', 'b', 'c', 'd', 'e'})");
        Assert.Equal(first.Actual, second.Actual);
    }

    private static ExecutionLimits Short => new() { CpuSeconds = 0.5, WallSeconds = 3, MemoryBytes = 64 << 20 };
}
