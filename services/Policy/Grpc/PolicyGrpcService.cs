using Grpc.Core;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>The contract of policy.proto over the loaded model.</summary>
internal sealed class PolicyGrpcService(
    ModelHost host, PolicyTelemetry telemetry, IHostApplicationLifetime lifetime, ILogger<PolicyGrpcService> logger)
    : V1.PolicyService.PolicyServiceBase
{
    /// <summary>The trailer of ResourceExhausted that says after how many milliseconds trying again may help.</summary>
    public const string RetryAfterTrailer = "retry-after-ms";

    private const int MostSequences = 64;
    private const int RetryAfterMilliseconds = 500;

    /// <inheritdoc />
    public override async Task Generate(
        V1.GenerateRequest request, IServerStreamWriter<V1.GenerateResponse> responseStream, ServerCallContext context)
    {
        var loaded = host.Require();
        var generation = ReadGeneration(request, loaded);
        var identity = loaded.Identity;
        using var measured = telemetry.BeginGenerate(loaded.Model.Id, generation, HasChat(request.Prompt));
        await RunAsync(context, measured, async cancellationToken =>
        {
            await foreach (var generated in loaded.Engine.GenerateAsync(generation, cancellationToken))
            {
                measured.Record(generated);

                // A write that its token ends aborts the call without a status; so the service's end, which is told as
                // Unavailable, is not in this token.
                var response = Responses.From(generated, generation.Prompt.Span, identity);
                await responseStream.WriteAsync(response, context.CancellationToken);
            }
        });
    }

    /// <inheritdoc />
    public override async Task<V1.ScoreResponse> Score(V1.ScoreRequest request, ServerCallContext context)
    {
        var loaded = host.Require();
        RequireAdapter(request.Adapter);
        var limit = loaded.Engine.Description.ContextLength;
        var prompt = PromptReader.Read(request.Prompt, "prompt", loaded, limit - 1);
        var continuation = PromptReader.Read(request.Continuation, "continuation", loaded, limit - prompt.Length);
        using var measured = telemetry.BeginScore(loaded.Model.Id, prompt.Length + continuation.Length);
        var response = new V1.ScoreResponse { Continuation = Responses.Tokens(continuation), Model = loaded.Identity };
        await RunAsync(context, measured, async cancellationToken => response.LogProbabilities.AddRange(
            await loaded.Engine.ScoreAsync(prompt, continuation, cancellationToken)));
        return response;
    }

    /// <inheritdoc />
    public override Task<V1.GetModelResponse> GetModel(V1.GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(Responses.From(host.Require()));

    private static GenerationRequest ReadGeneration(V1.GenerateRequest request, LoadedModel loaded)
    {
        RequireAdapter(request.Adapter);
        InvalidArgument.ThrowUnless(request.Sequences is >= 0 and <= MostSequences, "sequences", request.Sequences,
            $"1 to {MostSequences}, or 0 for 1");
        return new GenerationRequest
        {
            Sampling = SamplingReader.Read(request.Sampling),
            Sequences = Math.Max(1, request.Sequences),
            Prompt = PromptReader.Read(request.Prompt, "prompt", loaded, loaded.Engine.Description.ContextLength - 1),
        };
    }

    private static void RequireAdapter(string adapter)
    {
        if (adapter.Length > 0)
        {
            throw new RpcException(new Status(StatusCode.NotFound,
                $"adapter is '{adapter[..Math.Min(adapter.Length, 80)]}': no adapter is loaded; expected an empty name"));
        }
    }

    private static bool HasChat(V1.Prompt prompt) =>
        prompt.Parts.Any(part => part.KindCase == V1.PromptPart.KindOneofCase.Chat);

    /// <summary>Runs the engine's work until the caller or the service's end cancels it, and tells errors in gRPC's words.</summary>
    private async Task RunAsync(ServerCallContext context, MeasuredRequest measured, Func<CancellationToken, Task> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await work(stop.Token);
        }
        catch (EngineBusyException exception)
        {
            measured.Fail(nameof(StatusCode.ResourceExhausted));
            logger.LogDebug("Refused a request: {Reason}", exception.Message);
            throw new RpcException(new Status(StatusCode.ResourceExhausted, exception.Message),
                new Metadata { { RetryAfterTrailer, $"{RetryAfterMilliseconds}" } });
        }
        catch (ArgumentException exception)
        {
            measured.Fail(nameof(StatusCode.InvalidArgument));
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
        catch (Exception exception) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            measured.Fail(nameof(StatusCode.Unavailable));
            logger.LogDebug("The service stops: {Reason}", exception.Message);
            throw new RpcException(new Status(StatusCode.Unavailable, "the service is stopping"));
        }
        catch (Exception exception)
        {
            measured.Fail(exception.GetType().Name);
            throw;
        }
    }
}
