using System.Diagnostics;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Asks Policy for tokens, or the cache when the same was asked before.</summary>
internal sealed class PolicyGenerator(
    V1.PolicyService.PolicyServiceClient client, AdapterLoader adapters, ISearchCache cache, CoordinatorOptions options,
    TimeProvider clock)
{
    private const string Kind = "generation";
    private static readonly TimeSpan s_modelDeadline = TimeSpan.FromSeconds(10);

    // A busy two-core machine needs about a third of a second for one step of a full batch.
    private static readonly TimeSpan s_callDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_tokenDeadline = TimeSpan.FromSeconds(0.5);

    // More sequences than a batch holds are decoded one batch after another.
    private const int SequencesPerBatch = 16;

    private readonly ResiliencePipeline _retrying = options.Retrying();

    /// <summary>The loaded model.</summary>
    /// <exception cref="RpcException">Policy cannot be reached.</exception>
    public Task<V1.GetModelResponse> GetModelAsync(CancellationToken cancellationToken) => DownstreamCall.RunAsync(
        "policy",
        _retrying,
        async token => await client.GetModelAsync(new V1.GetModelRequest(), deadline: In(s_modelDeadline), cancellationToken: token),
        cancellationToken);

    /// <summary>
    /// Continues a prompt. An answer from the cache is the one that the model gave, tokens and all; only the meter can
    /// tell the difference, since it counts what was really computed.
    /// </summary>
    /// <param name="request">What to continue and how.</param>
    /// <param name="model">
    /// The weights that are expected to answer, with the adapter of the request, and how they are held and run: part of
    /// the key.
    /// </param>
    /// <param name="meter">Counts tokens as they come.</param>
    /// <param name="cancellationToken">Frees the model's slots within a token.</param>
    /// <exception cref="RpcException">Policy failed for good; see <see cref="DownstreamCall"/>.</exception>
    public async Task<Generation> GenerateAsync(
        V1.GenerateRequest request, V1.GetModelResponse model, ProgressMeter meter, CancellationToken cancellationToken)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("generate", ActivityKind.Internal);
        var key = KeyOf(request, model);
        var kept = await cache.GetAsync(key, cancellationToken);
        var generation = kept is null ? null : Generation.FromBytes(kept, request.Sequences);
        CoordinatorTelemetry.CountLookup(Kind, generation is not null);
        span?.SetTag("o1coder.cached", generation is not null);
        if (generation is not null)
        {
            return generation;
        }

        V1.ModelIdentity? answered = null;
        generation = await DownstreamCall.RunAsync(
            "policy",
            _retrying,
            async token =>
            {
                (var fresh, answered) = await CallOrLoadAsync(request, meter, token);
                return fresh;
            },
            cancellationToken);

        // The weights were swapped in between: the key would tell a lie.
        if (model.Model.Equals(answered))
        {
            await cache.SetAsync(key, generation.ToBytes(), cancellationToken);
        }

        return generation;
    }

    /// <summary>
    /// The cache's key: another precision or back end rounds otherwise, and so may draw other tokens. When and how fast a
    /// request is answered has no part in the answer.
    /// </summary>
    internal static string KeyOf(V1.GenerateRequest request, V1.GetModelResponse model)
    {
        var asked = new V1.GenerateRequest(request) { Ticket = null, PromptLookup = false };
        return CacheKey.Of(
            Kind, new V1.GetModelResponse { Model = model.Model, Backend = model.Backend, Precision = model.Precision }, asked);
    }

    // A Policy that was started again knows no adapter: it gets this one once more.
    private async Task<(Generation Generation, V1.ModelIdentity? Model)> CallOrLoadAsync(
        V1.GenerateRequest request, ProgressMeter meter, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(request, meter, cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound && request.Adapter.Length > 0)
        {
            if (!await adapters.LoadAgainAsync(request.Adapter, cancellationToken))
            {
                throw;
            }

            return await CallAsync(request, meter, cancellationToken);
        }
    }

    private async Task<(Generation Generation, V1.ModelIdentity? Model)> CallAsync(
        V1.GenerateRequest request, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var batches = 1 + ((Math.Max(1, request.Sequences) - 1) / SequencesPerBatch);
        var deadline = s_callDeadline + (s_tokenDeadline * request.Sampling.MaxTokens * batches);
        using var generating = meter.Generating();
        using var call = client.Generate(request, deadline: In(deadline), cancellationToken: cancellationToken);
        var events = new List<V1.GenerateResponse>();
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (one.Chunk is not null)
            {
                meter.AddGenerated(one.Chunk.TokenIds.Count);
                events.Add(new V1.GenerateResponse
                {
                    Chunk = new V1.SequenceChunk { Sequence = one.Chunk.Sequence, ModelLogProbabilities = { one.Chunk.ModelLogProbabilities } },
                });
                continue;
            }

            if (one.Usage is not null)
            {
                meter.AddPrompt(one.Usage.PromptTokens, one.Usage.CachedTokens);
            }

            events.Add(one);
        }

        var generation = Generation.Collect(events, request.Sequences) ?? throw new RpcException(new Status(
            StatusCode.Internal, $"the stream ended before it told the prompt and all {request.Sequences} sequences"));
        return (generation, events.Find(one => one.Accepted is not null)?.Accepted.Model);
    }

    private DateTime In(TimeSpan time) => clock.GetUtcNow().UtcDateTime + time;
}
