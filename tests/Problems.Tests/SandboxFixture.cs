using O1Coder.Sandbox.Tests;

namespace O1Coder.Problems.Tests;

/// <summary>The real sandbox service on a free port of this machine.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private readonly SandboxHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Runs a program against every test, visible and hidden.</summary>
    public async Task<V1.ExecuteResponse> RunAsync(string program, Problem problem, bool stopAtFirstFailure)
    {
        var request = new V1.ExecuteRequest
        {
            Language = V1.Language.Python,
            Program = program,
            StopAtFirstFailure = stopAtFirstFailure,
            Tests = { problem.VisibleTests.Concat(problem.HiddenTests).Select(Message) },
        };
        return await _host.Client.ExecuteAsync(
            request,
            deadline: DateTime.UtcNow.AddMinutes(2),
            cancellationToken: TestContext.Current.CancellationToken);
    }

    private static V1.TestCase Message(TestCase test) => test switch
    {
        StdioTest stdio => new V1.TestCase { Stdio = new V1.StdioTest { Stdin = stdio.Stdin, Stdout = stdio.Stdout } },
        AssertionTest assertion => new V1.TestCase { Assertion = new V1.AssertionTest { Code = assertion.Code } },
        _ => throw new InvalidOperationException($"unknown test {test}"),
    };
}
