using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Lets the test-case generator write tests for a problem that has none to steer a search, or remembers them.</summary>
internal sealed class TestWriter(
    V1.TcgService.TcgServiceClient client, AdapterLoader adapters, ISearchCache cache, CoordinatorOptions options, TimeProvider clock)
{
    private const string Kind = "tests";
    private const string Adapter = "tcg";

    // Programs that do not end cost their limit on every input.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(10);

    private readonly ResiliencePipeline _retrying = options.Retrying();

    /// <summary>
    /// Writes tests from the question alone: neither hidden tests nor reference solutions leave this service. Equal
    /// problems, seeds and weights give equal tests.
    /// </summary>
    /// <param name="plan">The search.</param>
    /// <param name="model">The weights that search.</param>
    /// <param name="sandbox">What runs the programs.</param>
    /// <param name="meter">Counts tokens and says what is being done.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The tests, at least one, and what became of all that was written.</returns>
    /// <exception cref="RpcException">FailedPrecondition: no test could be agreed on; else Tcg failed.</exception>
    public async Task<V1.TcgFinished> WriteAsync(
        SolvePlan plan, V1.GetModelResponse model, V1.GetCapabilitiesResponse sandbox, ProgressMeter meter,
        CancellationToken cancellationToken)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("write tests", ActivityKind.Internal);
        using var activity = meter.Doing("writing tests");
        var adapter = (await adapters.ListAsync(cancellationToken)).FirstOrDefault(one => one.Name == Adapter);
        var request = RequestFor(plan, model, adapter);

        // The weights, the interpreter and the adapter decide what comes.
        var key = CacheKey.Of(
            Kind, request,
            new V1.GetModelResponse { Model = model.Model, Backend = model.Backend, Precision = model.Precision },
            new V1.GetCapabilitiesResponse { Python = sandbox.Python },
            new V1.Adapter { Version = adapter?.Version ?? "" });
        var kept = await cache.GetAsync(key, cancellationToken);
        var finished = kept is null ? null : Parse(kept);
        CoordinatorTelemetry.CountLookup(Kind, finished is not null);
        if (finished is not null)
        {
            return finished;
        }

        finished = await DownstreamCall.RunAsync(
            "tcg", _retrying, async token => await CallAsync(request, meter, token), cancellationToken);
        if (finished.Model?.ModelHash == model.Model.ModelHash && finished.Model.AdapterVersion == (adapter?.Version ?? ""))
        {
            await cache.SetAsync(key, finished.ToByteArray(), cancellationToken);
        }

        return finished;
    }

    private static V1.GenerateTestsRequest RequestFor(SolvePlan plan, V1.GetModelResponse model, V1.Adapter? adapter) => new()
    {
        Problem = ProblemReading.ToWire(plan.Problem, []),
        Adapter = adapter?.Name ?? "",
        PolicyAdapter = model.Model.Adapter,
        Seed = plan.Options.Seed,
    };

    private async Task<V1.TcgFinished> CallAsync(V1.GenerateTestsRequest request, ProgressMeter meter, CancellationToken cancellationToken)
    {
        using var call = client.GenerateTests(
            request, deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: cancellationToken);
        var counted = 0L;
        V1.TcgFinished? finished = null;
        IDisposable? doing = null;
        IDisposable? generating = null;
        try
        {
            await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                var tokens = one.Progress?.GeneratedTokens ?? one.Finished?.GeneratedTokens ?? counted;
                meter.AddGenerated((int)(tokens - counted));
                counted = tokens;
                finished = one.Finished;
                if (one.Progress is { } progress)
                {
                    doing?.Dispose();
                    generating?.Dispose();
                    doing = meter.Doing($"writing tests: {progress.Activity}");
                    generating = progress.Activity.StartsWith("writing", StringComparison.Ordinal) ? meter.Generating() : null;
                }
            }
        }
        finally
        {
            doing?.Dispose();
            generating?.Dispose();
        }

        return finished is { Tests.Count: > 0 }
            ? finished
            : throw new RpcException(new Status(StatusCode.Internal, "the stream ended before it told the tests"));
    }

    private static V1.TcgFinished? Parse(byte[] bytes)
    {
        try
        {
            return V1.TcgFinished.Parser.ParseFrom(bytes) is { Tests.Count: > 0 } finished ? finished : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
