using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Tcg;

/// <summary>Runs programs in Sandbox.</summary>
internal sealed class ProgramRuns(V1.SandboxService.SandboxServiceClient client, IOptions<TcgOptions> options)
{
    private const string Service = "sandbox";
    private const int Attempts = 3;
    private static readonly TimeSpan s_callDeadline = TimeSpan.FromSeconds(30);

    /// <summary>The limits of a run: those of a search, where the tests will be used.</summary>
    public static V1.ExecutionLimits Limits { get; } =
        new() { CpuSeconds = 2, WallSeconds = 6, MemoryBytes = 512L * 1024 * 1024 };

    /// <summary>Asks whether programs can be isolated, before any token is spent.</summary>
    /// <exception cref="RpcException">Sandbox cannot be reached (Unavailable) or cannot isolate (FailedPrecondition).</exception>
    public async Task ThrowUnlessIsolatedAsync(CancellationToken cancellationToken)
    {
        var capabilities = await DownstreamCall.RunAsync(
            Service,
            async token => await client.GetCapabilitiesAsync(
                new V1.GetCapabilitiesRequest(), deadline: DateTime.UtcNow + s_callDeadline, cancellationToken: token),
            cancellationToken);
        if (!capabilities.Isolated)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"sandbox: this machine cannot isolate programs: {string.Join("; ", capabilities.Isolation)}"));
        }
    }

    /// <summary>Runs each program against all tests.</summary>
    /// <returns>What the sandbox said, one a program; a program that does not compile has fewer results than tests.</returns>
    /// <exception cref="RpcException">Sandbox failed; see <see cref="DownstreamCall"/>.</exception>
    public async Task<IReadOnlyList<V1.ExecuteResponse>> RunAsync(
        IReadOnlyList<string> programs, IReadOnlyList<V1.TestCase> tests, CancellationToken cancellationToken)
    {
        var responses = new V1.ExecuteResponse[programs.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Runs, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, programs.Count, parallel, async (i, token) =>
        {
            var request = new V1.ExecuteRequest { Language = V1.Language.Python, Program = programs[i], Limits = Limits, Tests = { tests } };
            responses[i] = await RunAsync(request, token);
        });
        return responses;
    }

    private async Task<V1.ExecuteResponse> RunAsync(V1.ExecuteRequest request, CancellationToken cancellationToken)
    {
        var deadline = s_callDeadline + (TimeSpan.FromSeconds(Limits.WallSeconds) * request.Tests.Count);
        for (var attempt = 1; ; attempt++)
        {
            var response = await DownstreamCall.RunAsync(
                Service,
                async token => await client.ExecuteAsync(request, deadline: DateTime.UtcNow + deadline, cancellationToken: token),
                cancellationToken);

            // The sandbox's own failures say nothing about the program.
            if (attempt == Attempts || response.Results.All(result => result.Verdict != V1.Verdict.InternalError))
            {
                return response;
            }
        }
    }
}
