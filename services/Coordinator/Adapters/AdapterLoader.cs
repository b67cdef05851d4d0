using Grpc.Core;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Sees to it that Policy serves an adapter; Policy forgets them all when it starts again.</summary>
internal sealed class AdapterLoader(V1.PolicyService.PolicyServiceClient client, CoordinatorOptions options, TimeProvider clock)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly ResiliencePipeline _retrying = ServiceCalls.Retrying(options);

    /// <summary>Loads an adapter, which is quick when it is loaded already.</summary>
    /// <param name="folder">Its folder, in PEFT's format, on Policy's machine.</param>
    /// <param name="name">The name to serve it under; empty for one made of its version.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The adapter as Policy serves it: its name is what requests name.</returns>
    /// <exception cref="RpcException">The folder holds no adapter of this model, or Policy cannot be reached.</exception>
    public async Task<V1.Adapter> EnsureAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var response = await ServiceCalls.RunAsync(
            "policy",
            _retrying,
            async token => await client.LoadAdapterAsync(
                new V1.LoadAdapterRequest { Name = name, Folder = folder },
                deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: token),
            cancellationToken);
        return response.Adapter;
    }
}
