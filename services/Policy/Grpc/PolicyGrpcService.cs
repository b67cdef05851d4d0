using Grpc.Core;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>The contract of policy.proto over the loaded model.</summary>
internal sealed class PolicyGrpcService(
    ModelHost host,
    AdapterRegistry adapters,
    PolicyTelemetry telemetry,
    IHostApplicationLifetime lifetime,
    ILogger<PolicyGrpcService> logger)
    : V1.PolicyService.PolicyServiceBase
{
    private const int MostSequences = 64;

    /// <inheritdoc />
    public override async Task Generate(
        V1.GenerateRequest request, IServerStreamWriter<V1.GenerateResponse> responseStream, ServerCallContext context)
    {
        var loaded = host.Require();
        var generation = ReadGeneration(request, loaded);
        using var measured = telemetry.BeginGenerate(loaded.Model.Id, generation, HasChat(request.Prompt));
        await RunAsync(context, measured, request.Adapter, async (adapter, cancellationToken) =>
        {
            var identity = loaded.Identity(adapter);
            await foreach (var generated in loaded.Engine.GenerateAsync(generation with { Adapter = adapter?.Version }, cancellationToken))
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
        adapters.Find(request.Adapter);
        var ticket = TicketReader.Read(request.Ticket);
        var limit = loaded.Engine.Description.ContextLength;
        var prompt = PromptReader.Read(request.Prompt, "prompt", loaded, limit - 1);
        var continuation = PromptReader.Read(request.Continuation, "continuation", loaded, limit - prompt.Length);
        using var measured = telemetry.BeginScore("score", loaded.Model.Id, prompt.Length + continuation.Length);
        var response = new V1.ScoreResponse { Continuation = Responses.Tokens(continuation) };
        await RunAsync(context, measured, request.Adapter, async (adapter, cancellationToken) =>
        {
            response.LogProbabilities.AddRange(
                await loaded.Engine.ScoreAsync(prompt, continuation, adapter?.Version, ticket, cancellationToken));
            response.Model = loaded.Identity(adapter);
        });
        return response;
    }

    /// <inheritdoc />
    public override async Task<V1.ScoreLabelsResponse> ScoreLabels(V1.ScoreLabelsRequest request, ServerCallContext context)
    {
        var loaded = host.Require();
        adapters.Find(request.Adapter);
        var ticket = TicketReader.Read(request.Ticket);
        var (tokens, positions, labels) = LabelReader.Read(request, loaded);

        // What follows the last label is not computed.
        var computed = positions[^1] + 1;
        using var measured = telemetry.BeginScore("score_labels", loaded.Model.Id, computed);
        var response = new V1.ScoreLabelsResponse { PromptTokens = computed };
        await RunAsync(context, measured, request.Adapter, async (adapter, cancellationToken) =>
        {
            var scores = await loaded.Engine.ScoreLabelsAsync(tokens, positions, labels, adapter?.Version, ticket, cancellationToken);
            response.Segments.AddRange(scores.Select(score => new V1.LabelScores { LogProbabilities = { score } }));
            response.Model = loaded.Identity(adapter);
        });
        return response;
    }

    /// <inheritdoc />
    public override async Task<V1.HiddenStatesResponse> HiddenStates(V1.HiddenStatesRequest request, ServerCallContext context)
    {
        var loaded = host.Require();
        adapters.Find(request.Adapter);
        var ticket = TicketReader.Read(request.Ticket);
        var prompt = PromptReader.Read(request.Prompt, "prompt", loaded, loaded.Engine.Description.ContextLength);
        var positions = PositionReader.Read(request.Positions, prompt.Length, loaded.Model.Description.HiddenSize);
        using var measured = telemetry.BeginScore("hidden_states", loaded.Model.Id, positions[^1] + 1);
        var response = new V1.HiddenStatesResponse { Prompt = Responses.Tokens(prompt) };
        await RunAsync(context, measured, request.Adapter, async (adapter, cancellationToken) =>
        {
            var states = await loaded.Engine.HiddenStatesAsync(prompt, positions, adapter?.Version, ticket, cancellationToken);
            response.States.AddRange(states.Select(state => new V1.HiddenState { Values = { state } }));
            response.Model = loaded.Identity(adapter);
        });
        return response;
    }

    /// <inheritdoc />
    public override async Task<V1.LoadAdapterResponse> LoadAdapter(V1.LoadAdapterRequest request, ServerCallContext context)
    {
        var (adapter, replaced) = await adapters.LoadAsync(request.Name, request.Folder, host.Require(), context.CancellationToken);
        return new V1.LoadAdapterResponse { Adapter = Responses.From(adapter), ReplacedVersion = replaced };
    }

    /// <inheritdoc />
    public override async Task<V1.UnloadAdapterResponse> UnloadAdapter(V1.UnloadAdapterRequest request, ServerCallContext context)
    {
        await adapters.UnloadAsync(request.Name, host.Require(), context.CancellationToken);
        return new V1.UnloadAdapterResponse();
    }

    /// <inheritdoc />
    public override Task<V1.ListAdaptersResponse> ListAdapters(V1.ListAdaptersRequest request, ServerCallContext context)
    {
        host.Require();
        return Task.FromResult(new V1.ListAdaptersResponse { Adapters = { adapters.All.Select(Responses.From) } });
    }

    /// <inheritdoc />
    public override Task<V1.GetLoadResponse> GetLoad(V1.GetLoadRequest request, ServerCallContext context) =>
        host.Require().Engine.Load is { } load
            ? Task.FromResult(new V1.GetLoadResponse
            {
                BusySeconds = load.Busy.TotalSeconds,
                Steps = load.Steps,
                SequenceSteps = load.SequenceSteps,
                Running = load.Running,
                MaxSequences = load.MostSequences,
            })
            : throw new RpcException(new Status(StatusCode.Unimplemented, "the model runs on another server, which does not tell its load"));

    /// <inheritdoc />
    public override Task<V1.GetModelResponse> GetModel(V1.GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(Responses.From(host.Require()));

    private GenerationRequest ReadGeneration(V1.GenerateRequest request, LoadedModel loaded)
    {
        adapters.Find(request.Adapter);
        InvalidArgument.ThrowUnless(request.Sequences is >= 0 and <= MostSequences, "sequences", request.Sequences,
            $"1 to {MostSequences}, or 0 for 1");
        var limit = loaded.Engine.Description.ContextLength - 1;
        var sampling = SamplingReader.Read(request.Sampling, loaded.Model.Tokenizer.VocabularySize);
        var prompt = PromptReader.Read(request.Prompt, "prompt", loaded, limit);
        return new GenerationRequest
        {
            Sampling = sampling,
            Ticket = TicketReader.Read(request.Ticket),
            PromptLookup = request.PromptLookup,
            Sequences = Math.Max(1, request.Sequences),
            Prompt = prompt,

            // At least one token is left to draw.
            ForcedPrefix = PromptReader.ReadForced(
                request.ForcedPrefix, "forced_prefix", loaded, Math.Min(sampling.MaxTokens - 1, limit - prompt.Length)),
        };
    }

    private static bool HasChat(V1.Prompt prompt) =>
        prompt.Parts.Any(part => part.KindCase == V1.PromptPart.KindOneofCase.Chat);

    /// <summary>Runs the engine's work until the caller or the service's end cancels it, and tells errors in gRPC's words.</summary>
    private async Task RunAsync(
        ServerCallContext context, MeasuredRequest measured, string adapter, Func<NamedAdapter?, CancellationToken, Task> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await RunWithAdapterAsync(measured, adapter, work, stop.Token);
        }
        catch (EngineBusyException exception)
        {
            measured.Fail(nameof(StatusCode.ResourceExhausted));
            logger.LogDebug("Refused a request: {Reason}", exception.Message);
            throw RetryHint.ResourceExhausted(exception.Message, exception.RetryAfter);
        }
        catch (ArgumentException exception)
        {
            measured.Fail(nameof(StatusCode.InvalidArgument));
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
        catch (NotSupportedException exception)
        {
            measured.Fail(nameof(StatusCode.FailedPrecondition));
            throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
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

    /// <summary>
    /// Runs the work with the version that a name stands for. When that was replaced or unloaded before the engine accepted
    /// the request, nothing has run yet, and the name is looked up again.
    /// </summary>
    private async Task RunWithAdapterAsync(
        MeasuredRequest measured, string name, Func<NamedAdapter?, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var adapter = adapters.Find(name);
            measured.Use(adapter);
            try
            {
                await work(adapter, cancellationToken);
                return;
            }
            catch (AdapterNotLoadedException exception) when (adapter is not null && !adapters.Holds(adapter))
            {
                logger.LogDebug("Adapter {Name} changed before a request began: {Reason}", name, exception.Message);
            }
        }
    }
}
