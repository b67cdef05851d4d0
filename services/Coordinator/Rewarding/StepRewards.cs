using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Asks Prm what a path's last step is worth, or the cache when the same was asked before.</summary>
internal sealed class StepRewards(
    V1.PrmService.PrmServiceClient client, AdapterLoader adapters, ISearchCache cache, CoordinatorOptions options, TimeProvider clock)
{
    private const string Kind = "reward";
    private const string ScoreKind = "score";
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
    public Task<double> OfLastAsync(
        V1.ScoreStepsRequest request, V1.GetModelResponse model, V1.Adapter? adapter, CancellationToken cancellationToken)
    {
        // When it is answered has no part in the answer.
        var asked = new V1.ScoreStepsRequest(request) { Adapter = adapter?.Name ?? "", Ticket = null };
        return KeptAsync(Kind, asked, model, adapter, async token =>
        {
            var response = await client.ScoreStepsAsync(
                new V1.ScoreStepsRequest(asked) { Ticket = request.Ticket }, deadline: Deadline, cancellationToken: token);
            var right = response.Rewards.Count == asked.Steps.Count && response.Rewards[^1] is >= 0 and <= 1;
            return new Answer(
                right ? response.Rewards[^1] : null, response.Model,
                $"rewards are '{string.Join(", ", response.Rewards)}': expected {asked.Steps.Count} in [0, 1]");
        }, cancellationToken);
    }

    /// <summary>The score of the only candidate; only differences between scores mean something.</summary>
    /// <param name="request">The problem, the steps before and one candidate.</param>
    /// <param name="model">The weights: part of the key.</param>
    /// <param name="adapter">As <see cref="AdapterAsync"/> gave it: part of the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">Prm failed for good; see <see cref="DownstreamCall"/>.</exception>
    public Task<double> ScoreOfAsync(
        V1.CompareRequest request, V1.GetModelResponse model, V1.Adapter? adapter, CancellationToken cancellationToken)
    {
        var asked = new V1.CompareRequest(request) { Adapter = adapter?.Name ?? "", Ticket = null };
        return KeptAsync(ScoreKind, asked, model, adapter, async token =>
        {
            var response = await client.CompareAsync(
                new V1.CompareRequest(asked) { Ticket = request.Ticket }, deadline: Deadline, cancellationToken: token);
            var right = response.Scores.Count == 1 && double.IsFinite(response.Scores[0]);
            return new Answer(
                right ? response.Scores[0] : null, response.Model,
                $"scores are '{string.Join(", ", response.Scores)}': expected one finite number");
        }, cancellationToken);
    }

    private DateTime Deadline => clock.GetUtcNow().UtcDateTime + s_deadline;

    private async Task<double> KeptAsync(
        string kind, IMessage asked, V1.GetModelResponse model, V1.Adapter? adapter,
        Func<CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        var key = CacheKey.Of(
            kind, asked,
            new V1.GetModelResponse
            {
                Model = new V1.ModelIdentity { ModelId = model.Model.ModelId, ModelHash = model.Model.ModelHash },
                Backend = model.Backend,
                Precision = model.Precision,
            },
            new V1.Adapter { Version = adapter?.Version ?? "" });
        var kept = await cache.GetAsync(key, cancellationToken);
        var value = kept is { Length: sizeof(double) } ? BinaryPrimitives.ReadDoubleLittleEndian(kept) : double.NaN;

        // What is no number was not written here.
        CoordinatorTelemetry.CountLookup(kind, double.IsFinite(value));
        if (double.IsFinite(value))
        {
            return value;
        }

        var (given, answered, complaint) = await DownstreamCall.RunAsync("prm", _retrying, async token => await ask(token), cancellationToken);
        value = given ?? throw new RpcException(new Status(StatusCode.Internal, $"prm: {complaint}"));
        if (answered?.ModelHash == model.Model.ModelHash && answered.AdapterVersion == (adapter?.Version ?? ""))
        {
            var bytes = new byte[sizeof(double)];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            await cache.SetAsync(key, bytes, cancellationToken);
        }

        return value;
    }

    // What is no number of the right kind is null, and the complaint says so.
    private sealed record Answer(double? Value, V1.ModelIdentity? Model, string Complaint);
}
