using System.Diagnostics;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>
/// Measures; asked for by name alone, for the numbers mean something on an idle machine only:
/// <c>dotnet run -c Release --project tests/Sandbox.Tests -- -explicit only -showliveoutput</c>.
/// </summary>
public sealed class LatencyTests(SandboxHost host, ITestOutputHelper output) : IClassFixture<SandboxHost>
{
    [Fact(Explicit = true)]
    public async Task Of_a_trivial_script() => await MeasureAsync("a trivial accepted script", "print(int(input()) + 1)",
        [new TestCase { Stdio = new StdioTest { Stdin = "1", Stdout = "2" } }]);

    [Fact(Explicit = true)]
    public async Task Of_a_function_with_five_assertions() => await MeasureAsync("a function with five assertions", "def f(x):\n    return x + 1",
        [.. Enumerable.Range(0, 5).Select(number => new TestCase { Assertion = new AssertionTest { Code = $"assert f({number}) == {number + 1}" } })]);

    private async Task MeasureAsync(string what, string program, TestCase[] tests)
    {
        var times = new List<double>();
        for (var run = 0; run < 120; run++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(Verdict.Accepted, (await host.ExecuteAsync(program, null, tests)).Verdict);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.RemoveRange(0, 20);
        times.Sort();
        output.WriteLine($"{what}: median {times[50]:0.0} ms, p95 {times[95]:0.0} ms, least {times[0]:0.0} ms");
    }
}
