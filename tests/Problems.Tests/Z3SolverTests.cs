namespace O1Coder.Problems.Tests;

/// <summary>The program z3 as a process; where it is not installed a script that answers as z3 4.8.12 did.</summary>
public sealed class Z3SolverTests : IDisposable
{
    private const string Asks = "(set-logic ALL)\n(declare-const a0 Int)\n(declare-const a1 Bool)\n(assert (and a1 (< a0 (- 41)) (> a0 (- 43))))\n(check-sat)\n(get-value (a0 a1))\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-z3-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Values_come_as_python_writes_them()
    {
        var solver = Z3Solver.Find() ?? Script("cat > /dev/null; printf 'sat\\n((a0 (- 42))\\n (a1 true))\\n'");
        var answer = await solver.SolveAsync(Asks, TestContext.Current.CancellationToken);
        Assert.Equal(SmtAnswerKind.Satisfiable, answer.Kind);
        Assert.Equal(("-42", "True"), (answer.Values["a0"], answer.Values["a1"]));
    }

    [Fact]
    public async Task What_cannot_hold_is_unsatisfiable()
    {
        var solver = Z3Solver.Find() ?? Script("cat > /dev/null; printf 'unsat\\n(error \"line 4 column 15: model is not available\")\\n'; exit 1");
        var answer = await solver.SolveAsync("(declare-const a0 Int)\n(assert (< a0 a0))\n(check-sat)\n(get-value (a0))\n", TestContext.Current.CancellationToken);
        Assert.Equal(SmtAnswerKind.Unsatisfiable, answer.Kind);
    }

    [Fact]
    public async Task The_script_comes_by_standard_input_with_limits()
    {
        var solver = Script("echo \"$@\" > \"$(dirname \"$0\")/arguments\"; cat > \"$(dirname \"$0\")/input\"; echo unknown");
        Assert.Equal(SmtAnswerKind.Unknown, (await solver.SolveAsync(Asks, TestContext.Current.CancellationToken)).Kind);
        Assert.Equal("-smt2 -in -T:5 -memory:512\n", await File.ReadAllTextAsync(Path.Combine(_folder, "arguments"), TestContext.Current.CancellationToken));
        Assert.Equal(Asks, await File.ReadAllTextAsync(Path.Combine(_folder, "input"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("cat > /dev/null; echo timeout", "no answer within 5 s")]
    [InlineData("cat > /dev/null; echo '(error \"out of memory\")'; exit 1", "out of memory")]
    [InlineData("exit 3", "the solver said \"\"")]
    [InlineData("cat > /dev/null; echo sat; yes 'x' | head -c 10000000", "")]
    [InlineData("cat > /dev/null; yes", "no answer within")]
    [InlineData("cat > /dev/null; sleep 100", "no answer within")]
    public async Task A_solver_that_misbehaves_says_nothing_about_the_program(string body, string detail)
    {
        var script = Script(body, detail.EndsWith("within", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(5));
        var answer = await script.SolveAsync(Asks, TestContext.Current.CancellationToken);
        Assert.Equal(detail.Length == 0 ? SmtAnswerKind.Satisfiable : SmtAnswerKind.Unknown, answer.Kind);
        Assert.Contains(detail, answer.Detail, StringComparison.Ordinal);
        Assert.Empty(answer.Values);
    }

    [Fact]
    public async Task Cancelling_kills_the_solver()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var pid = Path.Combine(_folder, "pid");
        var running = Script("echo $$ > \"$(dirname \"$0\")/pid.new\"; mv \"$(dirname \"$0\")/pid.new\" \"$(dirname \"$0\")/pid\"; exec sleep 100").SolveAsync(Asks, stop.Token);
        while (!File.Exists(pid))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        var process = int.Parse(await File.ReadAllTextAsync(pid, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        while (Directory.Exists($"/proc/{process}"))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_program_that_is_not_there_says_so()
    {
        var answer = await new Z3Solver(Path.Combine(_folder, "gone")).SolveAsync(Asks, TestContext.Current.CancellationToken);
        Assert.Equal(SmtAnswerKind.Unknown, answer.Kind);
        Assert.Contains("cannot be started", answer.Detail, StringComparison.Ordinal);
    }

    private Z3Solver Script(string body, TimeSpan? limit = null)
    {
        var path = Path.Combine(_folder, "z3");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new Z3Solver(path) { Limit = limit ?? TimeSpan.FromSeconds(5) };
    }
}
