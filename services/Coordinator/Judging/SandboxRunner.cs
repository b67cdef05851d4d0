using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.Problems;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Runs programs against tests in Sandbox, or remembers what came of it.</summary>
internal sealed class SandboxRunner(
    V1.SandboxService.SandboxServiceClient client, ISearchCache cache, CoordinatorOptions options, TimeProvider clock)
{
    private const string Kind = "verdict";
    private static readonly TimeSpan s_callDeadline = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline _retrying = options.Retrying();
    private readonly SingleFlight<(V1.ExecuteResponse Response, bool Cached)> _asked = new();

    /// <summary>
    /// The limits of a test's run, in the search and in the final judgement alike. Programs that a small model writes
    /// run in milliseconds or not at all, and an endless loop costs its limit once: tests after one whose time ran out
    /// are not run and count as not passed.
    /// </summary>
    public static V1.ExecutionLimits Limits { get; } =
        new() { CpuSeconds = 2, WallSeconds = 6, MemoryBytes = 512L * 1024 * 1024 };

    /// <summary>What the sandbox offers.</summary>
    /// <exception cref="RpcException">Sandbox cannot be reached (Unavailable) or cannot isolate (FailedPrecondition).</exception>
    public async Task<V1.GetCapabilitiesResponse> GetCapabilitiesAsync(CancellationToken cancellationToken)
    {
        var capabilities = await DownstreamCall.RunAsync(
            "sandbox",
            _retrying,
            async token => await client.GetCapabilitiesAsync(
                new V1.GetCapabilitiesRequest(), deadline: In(s_callDeadline), cancellationToken: token),
            cancellationToken);
        return capabilities.Isolated
            ? capabilities
            : throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"sandbox: this machine cannot isolate programs: {string.Join("; ", capabilities.Isolation)}"));
    }

    /// <summary>Runs a program against all of the tests.</summary>
    /// <param name="program">The program.</param>
    /// <param name="tests">The tests.</param>
    /// <param name="sandbox">As <see cref="GetCapabilitiesAsync"/> gave it: part of the key.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="trace">Whether the first failing test is traced.</param>
    /// <returns>
    /// What the sandbox said, and whether the cache said it. The verdict is InternalError when the sandbox failed on
    /// every attempt.
    /// </returns>
    /// <exception cref="RpcException">Sandbox failed for good; see <see cref="DownstreamCall"/>.</exception>
    public async Task<(V1.ExecuteResponse Response, bool Cached)> RunAsync(
        string program, IReadOnlyList<TestCase> tests, V1.GetCapabilitiesResponse sandbox, CancellationToken cancellationToken, bool trace = false)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("execute", ActivityKind.Internal);
        var request = new V1.ExecuteRequest { Language = V1.Language.Python, Program = program, Limits = Limits, StopAtTimeLimit = true, Trace = trace };
        request.Tests.AddRange(tests.Select(ProblemReading.ToWire));
        var answer = await RunAsync(request, sandbox, cancellationToken);
        span?.SetTag("o1coder.cached", answer.Cached);
        span?.SetTag("o1coder.verdict", answer.Response.Verdict.ToString());
        return answer;
    }

    /// <summary>Runs a program against all of the tests and measures it; remembers that too.</summary>
    /// <param name="program">The program.</param>
    /// <param name="tests">The tests.</param>
    /// <param name="reference">A right program that its cost is relative to; null for none.</param>
    /// <param name="sandbox">What the sandbox offers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">Sandbox failed for good; see <see cref="DownstreamCall"/>.</exception>
    public async Task<V1.ExecuteResponse> MeasureAsync(
        string program, IReadOnlyList<TestCase> tests, string? reference, V1.GetCapabilitiesResponse sandbox, CancellationToken cancellationToken)
    {
        var request = new V1.ExecuteRequest
        {
            Language = V1.Language.Python,
            Program = program,
            Limits = Limits,
            StopAtTimeLimit = true,
            Measure = true,
            ReferenceProgram = reference ?? "",
        };
        request.Tests.AddRange(tests.Select(ProblemReading.ToWire));
        return (await RunAsync(request, sandbox, cancellationToken)).Response;
    }

    private async Task<(V1.ExecuteResponse Response, bool Cached)> RunAsync(
        V1.ExecuteRequest request, V1.GetCapabilitiesResponse sandbox, CancellationToken cancellationToken)
    {
        // The interpreter decides what a program does, so it belongs to the key.
        var key = CacheKey.Of(Kind, request, new V1.GetCapabilitiesResponse { Python = sandbox.Python });
        var (response, cached) = await _asked.RunAsync(key, token => FindOrAskAsync(key, request, token), cancellationToken);
        CoordinatorTelemetry.CountLookup(Kind, cached);
        return (response, cached);
    }

    private async Task<(V1.ExecuteResponse Response, bool Cached)> FindOrAskAsync(
        string key, V1.ExecuteRequest request, CancellationToken cancellationToken)
    {
        var kept = await cache.GetAsync(key, cancellationToken);
        if (kept is not null && Parse(kept) is { } known)
        {
            return (known, true);
        }

        V1.ExecuteResponse response;
        for (var attempt = 0; ; attempt++)
        {
            response = await DownstreamCall.RunAsync(
                "sandbox", _retrying, async token => await CallAsync(request, token), cancellationToken);
            if (response.Verdict != V1.Verdict.InternalError || attempt == options.JudgeRetries)
            {
                break;
            }
        }

        if (IsLasting(response))
        {
            await cache.SetAsync(key, response.ToByteArray(), cancellationToken);
        }

        return (response, false);
    }

    // What a limit or the sandbox itself brought about may come out differently on a quieter machine.
    private static bool IsLasting(V1.ExecuteResponse response) => response.Results.Select(result => result.Verdict).Append(response.Verdict)
        .All(verdict => verdict is not (V1.Verdict.InternalError or V1.Verdict.TimeLimit or V1.Verdict.MemoryLimit or V1.Verdict.Unspecified));

    private static V1.ExecuteResponse? Parse(byte[] bytes)
    {
        try
        {
            return V1.ExecuteResponse.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private async Task<V1.ExecuteResponse> CallAsync(V1.ExecuteRequest request, CancellationToken cancellationToken)
    {
        var deadline = s_callDeadline + (TimeSpan.FromSeconds(Limits.WallSeconds) * request.Tests.Count);
        return await client.ExecuteAsync(request, deadline: In(deadline), cancellationToken: cancellationToken);
    }

    private DateTime In(TimeSpan time) => clock.GetUtcNow().UtcDateTime + time;
}
