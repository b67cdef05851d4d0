using System.Buffers.Binary;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Asks Prm for the reward of a path's last step, or the cache when the same was asked before.</summary>
internal sealed class StepRewards(
    V1.PrmService.PrmServiceClient client, AdapterLoader adapters, ISearchCache cache, CoordinatorOptions options, TimeProvider clock)
{
    private const string Kind = "reward";
    private const string Adapter = "prm";
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly ResiliencePipeline _retrying = options.Retrying();

    /// <summary>The adapter that Prm scores with where Policy has it; null for none: zero-shot.</summary>
    /// <exception cref="RpcException">Policy cannot be reached.</exception>
    public async Task<V1.Adapter?> AdapterAsync(CancellationToken cancellationToken) =>
        (await adapters.ListAsync(cancellationToken)).FirstOrDefault(one => one.Name == Adapter);

    /// <summary>The reward of the last of some steps, in [0, 1].</summary>
    /// <param name="request">The problem and the steps.</param>
    /// <param name="model">The weights: part of the key.</param>
    /// <param name="adapter">As <see cref="AdapterAsync"/> gave it: part of the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">Prm failed for good; see <see cref="DownstreamCall"/>.</exception>
    public async Task<double> OfLastAsync(
        V1.ScoreStepsRequest request, V1.GetModelResponse model, V1.Adapter? adapter, CancellationToken cancellationToken)
    {
        var asked = request.Clone();
        asked.Adapter = adapter?.Name ?? "";

        // When it is answered has no part in the answer.
        asked.Ticket = null;
        var key = CacheKey.Of(
            Kind, asked,
            new V1.GetModelResponse
            {
                Model = new V1.ModelIdentity { ModelId = model.Model.ModelId, ModelHash = model.Model.ModelHash },
                Backend = model.Backend,
                Precision = model.Precision,
            },
            new V1.Adapter { Version = adapter?.Version ?? "" });
        var kept = await cache.GetAsync(key, cancellationToken);
        var isKept = kept is { Length: sizeof(double) };
        CoordinatorTelemetry.CountLookup(Kind, isKept);
        if (isKept)
        {
            return BinaryPrimitives.ReadDoubleLittleEndian(kept);
        }

        asked.Ticket = request.Ticket;
        var response = await DownstreamCall.RunAsync(
            "prm", _retrying,
            async token => await client.ScoreStepsAsync(
                asked, deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: token),
            cancellationToken);
        var reward = response.Rewards.Count == asked.Steps.Count && response.Rewards[^1] is >= 0 and <= 1
            ? response.Rewards[^1]
            : throw new RpcException(new Status(
                StatusCode.Internal, $"prm: rewards are '{string.Join(", ", response.Rewards)}': expected {asked.Steps.Count} in [0, 1]"));
        if (response.Model?.ModelHash == model.Model.ModelHash && response.Model.AdapterVersion == (adapter?.Version ?? ""))
        {
            var bytes = new byte[sizeof(double)];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, reward);
            await cache.SetAsync(key, bytes, cancellationToken);
        }

        return reward;
    }
}
