using Grpc.Core;

namespace O1Coder.ServiceDefaults;

/// <summary>Which of Policy's adapters a service works with that has one of its own.</summary>
public static class AdapterChoice
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    /// <summary>The adapter to work with.</summary>
    /// <param name="policy">Policy.</param>
    /// <param name="asked">The one that was asked for; null leaves the choice.</param>
    /// <param name="own">The service's own, chosen where Policy has it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The adapter's name; empty for none.</returns>
    /// <exception cref="RpcException">Policy cannot be reached; see <see cref="DownstreamCall"/>.</exception>
    public static async Task<string> ChooseAdapterAsync(
        this V1.PolicyService.PolicyServiceClient policy, string? asked, string own, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (asked is not null)
        {
            return asked;
        }

        var loaded = await DownstreamCall.RunAsync(
            "policy",
            async token => await policy.ListAdaptersAsync(
                new V1.ListAdaptersRequest(), deadline: DateTime.UtcNow + s_deadline, cancellationToken: token),
            cancellationToken);
        return loaded.Adapters.Any(adapter => adapter.Name == own) ? own : "";
    }
}
