using O1Coder.Sandbox.Tests;

namespace O1Coder.Tcg.Tests;

/// <summary>The real sandbox says what programs do; only the model is scripted.</summary>
public sealed class RealSandboxTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task AFunctionsValuesAreReadFromTheSandbox()
    {
        await using var host = await TcgHost.StartAsync(sandbox.Address);
        string[] programs =
        [
            "def f(a):\n    return {'n': len(a), 's': set(a)}\n",
            "def f(a):\n    return {'s': set(sorted(a)), 'n': len(a)}\n",
            "def f(a):\n    raise ValueError(a)\n",
            "def f(a):\n    assert False\n",
            "def f(a):\n    return object()\n",
            "def f(a:\n",
        ];
        var problem = Requests.Add();
        problem.Signature = "def f(a):";
        host.Policy.Answer = (request, i) => ScriptedPolicy.IsForProgram(request)
            ? programs[i % programs.Length] : Requests.Answer(("'hello'", null), ("[1,\n 2]", null), ("3", null));

        var (finished, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = problem, Temperature = 0 });

        Assert.Equal(
            ["assert f('hello') == {'n': 5, 's': {'e', 'h', 'l', 'o'}}", "assert f([1, 2]) == {'n': 2, 's': {1, 2}}"],
            finished.Tests.Select(one => one.Test.Assertion.Code));
        Assert.All(finished.Tests, one => Assert.Equal((2, 2), (one.Agreed, one.Ran)));
        Assert.Equal((1, 5), (finished.Counts.InvalidInputs, finished.Counts.DistinctPrograms));
    }

    [Fact]
    public async Task AScriptsOutputIsReadFromTheSandbox()
    {
        await using var host = await TcgHost.StartAsync(sandbox.Address);
        string[] programs =
        [
            "n = int(input())\nprint(2 * n)\n",
            "n = int(input())\nprint(n + n, '\\n')\n",
            "print('x' * 5000)\n",
            "pass\n",
        ];
        host.Policy.Answer = (request, i) => ScriptedPolicy.IsForProgram(request)
            ? programs[i % programs.Length] : Requests.Answer(("4", null), ("four", null));

        var (finished, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Doubled(), Temperature = 0 });

        var test = Assert.Single(finished.Tests);
        Assert.Equal((Requests.Stdio("4\n", "8\n"), 2, 2), (test.Test, test.Agreed, test.Ran));
    }

    [Fact]
    public async Task AReferenceChecksWhatTheModelWrote()
    {
        await using var host = await TcgHost.StartAsync(sandbox.Address);
        host.Policy.Answer = (_, _) => Requests.Answer(("1, 2", "3"), ("2, 2", "5"), ("'a', 'b'", "'ab'"), ("1, 'b'", "2"));

        var (finished, _) = await host.GenerateAsync(
            new V1.GenerateTestsRequest { Problem = Requests.Add(Requests.Reference), Temperature = 0 });

        Assert.Equal(
            ["assert add(1, 2) == 3", "assert add('a', 'b') == 'ab'"], finished.Tests.Select(one => one.Test.Assertion.Code));
        Assert.Equal(2, finished.Counts.WrongOutputs);
    }
}
