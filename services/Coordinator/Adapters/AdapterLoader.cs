using System.Collections.Concurrent;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Sees to it that Policy serves an adapter; Policy forgets them all when it starts again.</summary>
internal sealed class AdapterLoader(V1.PolicyService.PolicyServiceClient client, CoordinatorOptions options, TimeProvider clock)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly ResiliencePipeline _retrying = options.Retrying();
    private readonly ConcurrentDictionary<string, (string Folder, string AskedName, string Version)> _known = new(StringComparer.Ordinal);

    /// <summary>Loads an adapter, which is quick when it is loaded already.</summary>
    /// <param name="folder">Its folder, in PEFT's format, on Policy's machine.</param>
    /// <param name="name">The name to serve it under; empty for one made of its version.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The adapter as Policy serves it: its name is what requests name.</returns>
    /// <exception cref="RpcException">The folder holds no adapter of this model, or Policy cannot be reached.</exception>
    public async Task<V1.Adapter> EnsureAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var adapter = await LoadAsync(folder, name, cancellationToken);
        _known[adapter.Name] = (folder, name, adapter.Version);
        return adapter;
    }

    /// <summary>The weights that answer with an adapter: the model's identity with the adapter's name and version.</summary>
    /// <param name="model">The loaded model.</param>
    /// <param name="folder">As <see cref="AdapterFolder.Find"/> takes it; empty for no adapter.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">NotFound: no such adapter; else as <see cref="EnsureAsync"/>.</exception>
    public async Task<V1.GetModelResponse> WithAdapterAsync(
        V1.GetModelResponse model, string folder, CancellationToken cancellationToken)
    {
        if (folder.Length == 0)
        {
            return model;
        }

        var adapter = await EnsureAsync(AdapterFolder.Find(folder), "", cancellationToken);
        var adapted = model.Clone();
        adapted.Model.Adapter = adapter.Name;
        adapted.Model.AdapterVersion = adapter.Version;
        return adapted;
    }

    /// <summary>Loads an adapter again that Policy had and has no more.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it is served again; false for a name that was never loaded here.</returns>
    /// <exception cref="RpcException">FailedPrecondition: the folder holds other weights now; else as <see cref="EnsureAsync"/>.</exception>
    public async Task<bool> LoadAgainAsync(string name, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(name, out var known))
        {
            return false;
        }

        // A name made of the version stays one: other weights never answer under it.
        var adapter = await LoadAsync(known.Folder, known.AskedName, cancellationToken);
        return adapter.Version == known.Version
            ? true
            : throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"the adapter in {known.Folder} changed while it was used: version {adapter.Version}, expected {known.Version}"));
    }

    /// <summary>The adapters that Policy serves.</summary>
    /// <exception cref="RpcException">Policy cannot be reached.</exception>
    public async Task<IReadOnlyList<V1.Adapter>> ListAsync(CancellationToken cancellationToken)
    {
        var response = await DownstreamCall.RunAsync(
            "policy",
            _retrying,
            async token => await client.ListAdaptersAsync(
                new V1.ListAdaptersRequest(), deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: token),
            cancellationToken);
        return response.Adapters;
    }

    private async Task<V1.Adapter> LoadAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var response = await DownstreamCall.RunAsync(
            "policy",
            _retrying,
            async token => await client.LoadAdapterAsync(
                new V1.LoadAdapterRequest { Name = name, Folder = folder },
                deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: token),
            cancellationToken);
        return response.Adapter;
    }
}
