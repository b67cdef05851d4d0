using Grpc.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Prm;

/// <summary>Asks Policy for the two labels' log-probabilities.</summary>
internal sealed class LabelScorer(V1.PolicyService.PolicyServiceClient client)
{
    /// <summary>The adapter that is used where a request names none and Policy has it.</summary>
    public const string DefaultAdapter = "prm";

    private const string Service = "policy";
    private static readonly TimeSpan s_scoreDeadline = TimeSpan.FromSeconds(60);

    /// <summary>The adapter that scores.</summary>
    /// <param name="asked">The one that was asked for; null leaves the choice.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">Policy cannot be reached.</exception>
    public Task<string> ChooseAdapterAsync(string? asked, CancellationToken cancellationToken) =>
        client.ChooseAdapterAsync(asked, DefaultAdapter, cancellationToken);

    /// <summary>The margin of each segment: logit of the first label less that of the second.</summary>
    /// <exception cref="RpcException">Policy failed; see <see cref="DownstreamCall"/>.</exception>
    public async Task<(IReadOnlyList<double> Margins, V1.ModelIdentity? Model)> ScoreAsync(
        V1.ScoreLabelsRequest request, CancellationToken cancellationToken)
    {
        var response = await DownstreamCall.RunAsync(
            Service,
            async token => await client.ScoreLabelsAsync(request, deadline: DateTime.UtcNow + s_scoreDeadline, cancellationToken: token),
            cancellationToken);
        var margins = response.Segments.Where(one => one.LogProbabilities.Count == 2)
            .Select(one => (double)one.LogProbabilities[0] - one.LogProbabilities[1]).ToList();
        return margins.Count == request.Segments.Count && margins.TrueForAll(double.IsFinite)
            ? (margins, response.Model)
            : throw new RpcException(new Status(
                StatusCode.Unavailable,
                $"policy: {response.Segments.Count} segments came back with {margins.FindAll(double.IsFinite).Count} pairs of log-probabilities: expected {request.Segments.Count}"));
    }
}
